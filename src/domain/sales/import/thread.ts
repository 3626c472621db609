import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { readLeadFile } from './read-lead-file.ts';

const tasks = { readLeadFile };

/** What the threads for files of leads do. */
export type LeadFileTasks = typeof tasks;

serveTasks(tasks);
