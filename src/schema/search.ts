import type { SearchMode as Mode } from '#domain/search/memory-search.ts';
import type {
  Episode as EpisodeRow,
  Memory as MemoryRow,
  Message as MessageRow,
  TranscriptSegment as SegmentRow,
} from '#generated/prisma/client.ts';
import * as resolvers from '#resolvers/search.ts';
import { builder, pageCost } from './builder.ts';
import { Episode } from './episodes.ts';
import { Memory, MemoryFilter } from './memories.ts';
import { Message } from './messages.ts';
import { TranscriptSegment } from './transcripts.ts';

const SearchMode = builder.enumType('SearchMode', {
  description:
    'HYBRID falls back to LEXICAL where no embedding model is configured, or it does not answer; the result says which ran.',
  values: {
    LEXICAL: { description: 'By words.' },
    SEMANTIC: { description: 'By meaning.' },
    HYBRID: { description: 'By both.' },
  },
});

const SCORE = 'Greater is better; comparable within one search only.';
const SNIPPET =
  'The passage that matched, its matching words between « and »; those of the text itself are shown as ‹ and ›.';

const MessageMatch = builder
  .objectRef<{ message: MessageRow; score: number; snippet: string }>('MessageMatch')
  .implement({
    description: 'A message that was found.',
    fields: (t) => ({
      message: t.field({ type: Message, description: 'The message.', resolve: ({ message }) => message }),
      score: t.exposeFloat('score', { description: SCORE }),
      snippet: t.exposeString('snippet', { description: SNIPPET }),
    }),
  });

const TranscriptMatch = builder
  .objectRef<{ episode: EpisodeRow; segment: SegmentRow; score: number; snippet: string }>('TranscriptMatch')
  .implement({
    description: 'A segment of a transcript that was found.',
    fields: (t) => ({
      episode: t.field({ type: Episode, description: 'Its episode.', resolve: ({ episode }) => episode }),
      segment: t.field({ type: TranscriptSegment, description: 'The segment.', resolve: ({ segment }) => segment }),
      score: t.exposeFloat('score', { description: SCORE }),
      snippet: t.exposeString('snippet', { description: SNIPPET }),
    }),
  });

type MemoryMatchShape = { memory: MemoryRow; score: number; snippet: string; explanation: Record<string, number> };

const MemoryMatch = builder.objectRef<MemoryMatchShape>('MemoryMatch').implement({
  description: 'A memory that was found.',
  fields: (t) => ({
    memory: t.field({ type: Memory, description: 'The memory.', resolve: ({ memory }) => memory }),
    score: t.exposeFloat('score', { description: SCORE }),
    snippet: t.exposeString('snippet', { description: SNIPPET }),
    explanation: t.field({
      type: 'JSON',
      description: "Why it was found: the score's parts by name, as { lexical, semantic, recency, importance }.",
      resolve: ({ explanation }) => explanation,
    }),
  }),
});

type MemorySearchShape = { matches: MemoryMatchShape[]; mode: Mode; found: boolean; tookMs: number };

const MemorySearchResult = builder.objectRef<MemorySearchShape>('MemorySearchResult').implement({
  description: 'What a search of memories found.',
  fields: (t) => ({
    matches: t.field({ type: [MemoryMatch], description: 'The best first.', resolve: ({ matches }) => matches }),
    mode: t.expose('mode', { type: SearchMode, description: 'What ran.' }),
    found: t.exposeBoolean('found', {
      description: 'False where nothing was close enough: an honest no, not the least bad row.',
    }),
    tookMs: t.exposeFloat('tookMs', { description: 'How long it took, in milliseconds.' }),
  }),
});

const QUERY =
  'What is looked for, in any words: English, Hebrew, names, dates. Up to 10,000 characters, none of them special.';

builder.queryFields((t) => ({
  searchMessages: t.field({
    type: [MessageMatch],
    description: "The viewer's messages that answer best, in all conversations or in one.",
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      conversationId: t.arg.id({ description: 'Only in this conversation.' }),
      archived: t.arg.boolean({ description: 'Only in archived conversations, or only in others; in all by default.' }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.messages,
        description: 'How many at most: 0 to 100.',
      }),
    },
    complexity: pageCost,
    resolve: resolvers.searchMessages,
  }),
  searchMemories: t.field({
    type: MemorySearchResult,
    description: "The viewer's memories that answer best.",
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      filter: t.arg({ type: MemoryFilter, description: 'Which.' }),
      mode: t.arg({ type: SearchMode, defaultValue: 'HYBRID', description: 'How to look.' }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.memories,
        description: 'How many at most: 0 to 100.',
      }),
    },
    complexity: pageCost,
    resolve: resolvers.searchMemories,
  }),
  searchTranscripts: t.field({
    type: [TranscriptMatch],
    description: "The passages of the viewer's episodes that answer best, in all of them or in one.",
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      episodeId: t.arg.id({ description: 'Only in this episode.' }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.transcripts,
        description: 'How many at most: 0 to 100.',
      }),
    },
    complexity: pageCost,
    resolve: resolvers.searchTranscripts,
  }),
}));
