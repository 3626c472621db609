import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { reapplyCorrections } from './corrections/reapply.ts';
import { findKeyWordsOfPages } from './key-words.ts';
import { parseIntoRows } from './parse-into-rows.ts';

const tasks = { parse: parseIntoRows, findKeyWords: findKeyWordsOfPages, reapplyCorrections };

/** The tasks of the threads for transcripts. */
export type TranscriptTasks = typeof tasks;

serveTasks(tasks);
