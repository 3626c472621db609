import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { reapplyCorrections } from './corrections/reapply.ts';
import { findKeyWordsOfPages } from './key-words.ts';
import { parseIntoRows } from './parse-into-rows.ts';

const tasks = { parse: parseIntoRows, findKeyWords: findKeyWordsOfPages, reapplyCorrections };

/** What the threads for transcripts do. */
export type TranscriptTasks = typeof tasks;

serveTasks(tasks);
