import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { readLargeLeadFile } from './read-lead-file.ts';

const tasks = { readLargeLeadFile };

/** What the thread for large files of leads does. */
export type LargeLeadFileTasks = typeof tasks;

serveTasks(tasks);
