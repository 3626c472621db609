import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { readLargeLeadFile } from './read-lead-file.ts';

const tasks = { readLargeLeadFile };

export type LargeLeadFileTasks = typeof tasks;

serveTasks(tasks);
