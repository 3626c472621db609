import { chat } from './chat.ts';
import { addMessages, followMessages, readConversations } from './conversations.ts';
import { askEpisode, findClips } from './episodes.ts';
import type { ExampleTab } from './example.ts';

/** The tabs in order: reading, writing, subscribing, a job. */
export const EXAMPLE_TABS: readonly ExampleTab[] = [
  readConversations,
  chat,
  addMessages,
  followMessages,
  findClips,
  askEpisode,
];
