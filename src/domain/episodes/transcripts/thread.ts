import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { layCorrectionsOver } from './corrections/lay-over.ts';
import { findKeyWordsOfPages } from './key-words.ts';
import { parseIntoRows } from './parse-into-rows.ts';

const tasks = { parse: parseIntoRows, findKeyWords: findKeyWordsOfPages, layCorrectionsOver };

/** What the threads for transcripts do. */
export type TranscriptTasks = typeof tasks;

serveTasks(tasks);
