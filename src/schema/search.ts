import type { ObjectRef } from '@pothos/core';
import { MAX_PAGE_SIZE } from '#domain/core/paging.ts';
import { FUSION_CONSTANT } from '#domain/search/fusion.ts';
import { SNIPPET_LENGTH } from '#domain/search/highlight.ts';
import { IMPORTANCE, RECENCY } from '#domain/search/memory-corpus.ts';
import { FUSION_DEPTH } from '#domain/search/memory-search.ts';
import { MAX_RANKED } from '#domain/search/page.ts';
import { MAX_QUERY_LENGTH } from '#domain/search/query-text.ts';
import type { MatchExplanation as Explanation, SearchMode as Mode } from '#domain/search/search-result.ts';
import { MAX_PRODUCTS } from '#domain/search/semantic.ts';
import type {
  Episode as EpisodeRow,
  Memory as MemoryRow,
  Message as MessageRow,
  TranscriptSegment as SegmentRow,
} from '#generated/prisma/client.ts';
import * as resolvers from '#resolvers/search.ts';
import { builder, pageCost } from './builder.ts';
import { KEPT, keptFor, NOT_KEPT } from './caching.ts';
import { Episode } from './episodes.ts';
import { digits } from './inputs.ts';
import { Memory, MemoryFilter } from './memories.ts';
import { Message } from './messages.ts';
import { TranscriptSegment } from './transcripts.ts';

const SearchMode = builder.enumType('SearchMode', {
  description:
    'How a search compares a query with texts. Messages and transcripts are always searched in mode LEXICAL.',
  values: {
    LEXICAL: {
      description: 'By words: their forms in English and Hebrew, misspelt ones, names of speakers, dates.',
    },
    SEMANTIC: {
      description: `By meaning, with an embedding model. Only the newest memories are compared, as many as have embeddings of ${digits(MAX_PRODUCTS.sql)} numbers in all (${digits(MAX_PRODUCTS.pgvector)} with pgvector). Without such a model the search runs in mode LEXICAL; where the model does not answer, the search fails with UNAVAILABLE.`,
    },
    HYBRID: {
      description: `By words and by meaning: the best ${FUSION_DEPTH} of either become one ranking, by reciprocal rank fusion. Where there is no embedding model, or it does not answer, the search runs in mode LEXICAL.`,
    },
  },
});

const SCORE =
  'How well this matches the query: greater is better. Scores can be compared within one search, not between searches.';
const SNIPPET = `The passage of the text that matches best, about ${SNIPPET_LENGTH} characters, with the matching words between « and »; such marks in the text itself are shown as ‹ and ›.`;

type MatchShape = { score: number; snippet: string };

const MessageMatch = builder.objectRef<MatchShape & { message: MessageRow }>('MessageMatch').implement({
  description: 'A message that a search found.',
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The message that was found.',
      resolve: ({ message }) => message,
    }),
    score: t.exposeFloat('score', { description: SCORE }),
    snippet: t.exposeString('snippet', { description: SNIPPET }),
  }),
});

const TranscriptMatch = builder
  .objectRef<MatchShape & { episode: EpisodeRow; segment: SegmentRow }>('TranscriptMatch')
  .implement({
    description: 'A segment of a transcript that a search found.',
    fields: (t) => ({
      episode: t.field({
        type: Episode,
        description: 'The episode whose transcript has the segment.',
        resolve: ({ episode }) => episode,
      }),
      segment: t.field({
        type: TranscriptSegment,
        description: 'The segment that was found.',
        resolve: ({ segment }) => segment,
      }),
      score: t.exposeFloat('score', { description: SCORE }),
      snippet: t.exposeString('snippet', { description: SNIPPET }),
    }),
  });

const MatchExplanation = builder.objectRef<Explanation>('MatchExplanation').implement({
  description: `What the score of a memory is made of. In mode LEXICAL the score is lexical × recency × importance, in mode SEMANTIC it is semantic, and in mode HYBRID it is 1 / (${FUSION_CONSTANT} + lexicalRank) + 1 / (${FUSION_CONSTANT} + semanticRank), without the part of a search that did not find the memory.`,
  extensions: keptFor({ minutes: 120 }),
  fields: (t) => ({
    lexical: t.exposeFloat('lexical', {
      description: 'How well the words match: (words + neighbours) × boost. 0 where only the meaning was found.',
    }),
    words: t.exposeFloat('words', {
      nullable: true,
      description: "BM25 of the memory's own words, from 0; null where only the meaning was found.",
    }),
    neighbours: t.exposeFloat('neighbours', {
      nullable: true,
      description:
        'What the memories saved just before and after this one in its conversation give it for their words, from 0; null where only the meaning was found.',
    }),
    boost: t.exposeFloat('boost', {
      nullable: true,
      description:
        'The factor for the speaker: above 1 where the query names who said this, else 1; null where only the meaning was found.',
    }),
    recency: t.exposeFloat('recency', {
      nullable: true,
      description: `The factor for the age of the memory, from ${RECENCY.min} for an old one to ${RECENCY.min + RECENCY.range} for a new one; null where only the meaning was found.`,
    }),
    importance: t.exposeFloat('importance', {
      nullable: true,
      description: `The factor for the importance of the memory, from ${IMPORTANCE.min} to ${IMPORTANCE.min + IMPORTANCE.range}; null where only the meaning was found.`,
    }),
    semantic: t.exposeFloat('semantic', {
      nullable: true,
      description:
        'How close the meaning is: the cosine of the embeddings of query and memory, at most 1; null where the memory was found by its words only.',
    }),
    lexicalRank: t.exposeInt('lexicalRank', {
      nullable: true,
      description:
        'The place of the memory in the ranking by words, from 1; null where it is not in that ranking, and outside of mode HYBRID.',
    }),
    semanticRank: t.exposeInt('semanticRank', {
      nullable: true,
      description:
        'The place of the memory in the ranking by meaning, from 1; null where it is not in that ranking, and outside of mode HYBRID.',
    }),
  }),
});

const MemoryMatch = builder
  .objectRef<MatchShape & { memory: MemoryRow; explanation: Explanation }>('MemoryMatch')
  .implement({
    description: 'A memory that a search found.',
    extensions: keptFor({ minutes: 120 }),
    fields: (t) => ({
      memory: t.field({
        type: Memory,
        description: 'The memory that was found.',
        extensions: KEPT,
        resolve: ({ memory }) => memory,
      }),
      score: t.exposeFloat('score', { description: SCORE }),
      snippet: t.exposeString('snippet', { description: SNIPPET }),
      explanation: t.field({
        type: MatchExplanation,
        description: 'Why the memory was found: the parts of its score.',
        extensions: KEPT,
        resolve: ({ explanation }) => explanation,
      }),
    }),
  });

/** Declares what a search returns: one shape for messages, memories and transcripts. */
function searchResult<Match>(
  name: string,
  type: ObjectRef<(typeof builder)['$inferSchemaTypes'], Match>,
  descriptions: { type: string; found: string },
  extensions = {},
) {
  type Shape = { matches: Match[]; mode: Mode; found: boolean; tookMs: number };
  return builder.objectRef<Shape>(name).implement({
    description: descriptions.type,
    extensions,
    fields: (t) => ({
      matches: t.field({
        type: [type],
        // The search itself has been multiplied by its page size already.
        complexity: { field: 0, multiplier: 1 },
        description: 'One page of the matches, the best first.',
        extensions: KEPT,
        resolve: ({ matches }) => matches,
      }),
      mode: t.expose('mode', {
        type: SearchMode,
        description: 'The mode in which the search ran, which may be another than was asked for.',
      }),
      found: t.exposeBoolean('found', { description: descriptions.found }),
      tookMs: t.exposeFloat('tookMs', { description: 'How long the search took, in milliseconds.' }),
    }),
  });
}

const NEAREST =
  'Whether anything is close enough to the query to answer it, whichever page is asked for. Where this is false, `matches` holds the nearest texts that share a word with the query, if any.';

const MessageSearchResult = searchResult('MessageSearchResult', MessageMatch, {
  type: 'What a search of messages found.',
  found: NEAREST,
});

const TranscriptSearchResult = searchResult('TranscriptSearchResult', TranscriptMatch, {
  type: 'What a search of transcripts found.',
  found: NEAREST,
});

const MemorySearchResult = searchResult(
  'MemorySearchResult',
  MemoryMatch,
  {
    type: 'What a search of memories found.',
    found:
      'Whether anything is close enough to the query to answer it, whichever page is asked for. Where this is false, `matches` holds the nearest memories that share a word with the query, if any: an honest no beside the least bad rows, which are no answer.',
  },
  keptFor({ minutes: 120 }),
);

const QUERY = `What is looked for, in any words: English, Hebrew, names, dates, emoji and other symbols. Words of time ("last week") raise what was said then; of a query without others they find messages of that time. Up to ${digits(MAX_QUERY_LENGTH)} characters, none of them special.`;
const ERRORS = 'Errors: BAD_USER_INPUT.';
const first = (matches: number) =>
  `How many matches to return at most: 0 to ${MAX_PAGE_SIZE}, ${matches} by default. Together with \`offset\` at most ${MAX_RANKED}.`;
const OFFSET = `How many of the best matches to skip, from 0, the default. A search ranks ${MAX_RANKED} matches: \`offset\` + \`first\` is at most ${MAX_RANKED}. On unchanged data the pages of a search in one mode follow one another without gap or overlap.`;

builder.queryFields((t) => ({
  searchMessages: t.field({
    type: MessageSearchResult,
    description: `Searches the viewer's messages by words, in all conversations or in one. ${ERRORS}`,
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      conversationId: t.arg.id({ description: 'Search this conversation only; all conversations by default.' }),
      archived: t.arg.boolean({
        description:
          'true: search archived conversations only. false: search only those that are not archived. By default both are searched.',
      }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.messages,
        description: first(resolvers.DEFAULT_MATCHES.messages),
      }),
      offset: t.arg.int({ defaultValue: 0, description: OFFSET }),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.searchMessages,
  }),
  searchMemories: t.field({
    type: MemorySearchResult,
    description:
      "Searches the viewer's memories by words, by meaning or by both. Errors: BAD_USER_INPUT, and in mode SEMANTIC also UNAVAILABLE and MODEL_REFUSED.",
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      filter: t.arg({
        type: MemoryFilter,
        description: 'Which memories to search; by default all that are neither expired nor superseded.',
      }),
      mode: t.arg({ type: SearchMode, defaultValue: 'HYBRID', description: 'How to search; HYBRID by default.' }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.memories,
        description: first(resolvers.DEFAULT_MATCHES.memories),
      }),
      offset: t.arg.int({ defaultValue: 0, description: OFFSET }),
    },
    complexity: pageCost,
    extensions: KEPT,
    resolve: resolvers.searchMemories,
  }),
  searchTranscripts: t.field({
    type: TranscriptSearchResult,
    description: `Searches the transcripts of the viewer's episodes by words, in all episodes or in one. ${ERRORS}`,
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      episodeId: t.arg.id({ description: 'Search this episode only; all episodes by default.' }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.transcripts,
        description: first(resolvers.DEFAULT_MATCHES.transcripts),
      }),
      offset: t.arg.int({ defaultValue: 0, description: OFFSET }),
    },
    complexity: pageCost,
    extensions: NOT_KEPT,
    resolve: resolvers.searchTranscripts,
  }),
}));
