import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { findClips } from './find-clips.ts';

const tasks = { findClips };

/** What the threads for clips do. */
export type ClipTasks = typeof tasks;

serveTasks(tasks);
