import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { readLeadFile } from './read-lead-file.ts';

const tasks = { readLeadFile };

export type LeadFileTasks = typeof tasks;

serveTasks(tasks);
