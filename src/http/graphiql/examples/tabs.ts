import { chat } from './chat.ts';
import { addMessages, followMessages, readConversations } from './conversations.ts';
import { askEpisode, findClips } from './episodes.ts';
import type { ExampleTab } from './example.ts';

/** In the order of the tabs: from reading to writing, to following live, to a job. */
export const EXAMPLE_TABS: readonly ExampleTab[] = [
  readConversations,
  chat,
  addMessages,
  followMessages,
  findClips,
  askEpisode,
];
