import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { parseExport } from './parse-export.ts';

const tasks = { parse: parseExport };

/** What the threads for exports do. */
export type ExportTasks = typeof tasks;

serveTasks(tasks);
