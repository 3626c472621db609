import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { findClips } from './find-clips.ts';
import { followClips } from './follow-clips.ts';
import { scoreCuts } from './score-cuts.ts';

const tasks = { findClips, followClips, scoreCuts };

/** What the threads for clips do. */
export type ClipTasks = typeof tasks;

serveTasks(tasks);
