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
import { CACHED, cachedFor, NOT_CACHED } from './caching.ts';
import { Episode } from './episodes.ts';
import { digits } from './inputs.ts';
import { Memory, MemoryFilter } from './memories.ts';
import { Message } from './messages.ts';
import { TranscriptSegment } from './transcripts.ts';

const SearchMode = builder.enumType('SearchMode', {
  description:
    'A method of comparing a query with texts. Messages and transcripts are always searched in mode LEXICAL.',
  values: {
    LEXICAL: {
      description:
        'Search by words, with inflected forms in English and Hebrew, misspellings, names of speakers and dates.',
    },
    SEMANTIC: {
      description: `Search by meaning, with an embedding model. Only the newest memories are compared: ${digits(MAX_PRODUCTS.sql)} divided by the number of dimensions of an embedding, or ${digits(MAX_PRODUCTS.pgvector)} with pgvector. If there is no embedding model, the search runs in mode LEXICAL; if it does not respond, the search fails with UNAVAILABLE.`,
    },
    HYBRID: {
      description: `Lexical and semantic search combined: the best ${FUSION_DEPTH} matches of each, merged by reciprocal rank fusion. If there is no embedding model, or it does not respond, the search runs in mode LEXICAL.`,
    },
  },
});

const SCORE =
  'The relevance of the match: greater is better. Scores are comparable within one search, not between searches.';
const SNIPPET = `The best matching passage of the text, about ${SNIPPET_LENGTH} characters, with the matching words between « and ». These two characters in the text itself are replaced by ‹ and ›.`;

const IS_CONTEXT =
  "Whether this has none of the query's words, nor a form, synonym or correction of one, and was found by the texts next to it: answers follow questions.";

type MatchShape = { score: number; snippet: string };
type NeighbourShape = MatchShape & { isContext: boolean };

const MessageMatch = builder.objectRef<NeighbourShape & { message: MessageRow }>('MessageMatch').implement({
  description: 'A message found by a search.',
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The message that was found.',
      resolve: ({ message }) => message,
    }),
    score: t.exposeFloat('score', { description: SCORE }),
    snippet: t.exposeString('snippet', { description: SNIPPET }),
    isContext: t.exposeBoolean('isContext', { description: IS_CONTEXT }),
  }),
});

const TranscriptMatch = builder
  .objectRef<NeighbourShape & { episode: EpisodeRow; segment: SegmentRow }>('TranscriptMatch')
  .implement({
    description: 'A transcript segment found by a search.',
    fields: (t) => ({
      episode: t.field({
        type: Episode,
        description: 'The episode of the transcript.',
        resolve: ({ episode }) => episode,
      }),
      segment: t.field({
        type: TranscriptSegment,
        description: 'The segment that was found.',
        resolve: ({ segment }) => segment,
      }),
      score: t.exposeFloat('score', { description: SCORE }),
      snippet: t.exposeString('snippet', { description: SNIPPET }),
      isContext: t.exposeBoolean('isContext', { description: IS_CONTEXT }),
    }),
  });

const MatchExplanation = builder.objectRef<Explanation>('MatchExplanation').implement({
  description: `How the score of a memory was computed. In mode LEXICAL, the score is lexical × recency × importance; in mode SEMANTIC, it is semantic; in mode HYBRID, it is 1 / (${FUSION_CONSTANT} + lexicalRank) + 1 / (${FUSION_CONSTANT} + semanticRank), without the term of a ranking that does not contain the memory.`,
  extensions: cachedFor({ minutes: 120 }),
  fields: (t) => ({
    lexical: t.exposeFloat('lexical', {
      description: 'The lexical score: (words + neighbours) × boost. 0 if the memory was found by its meaning only.',
    }),
    words: t.exposeFloat('words', {
      nullable: true,
      description:
        "The BM25 score of the memory's own words, 0 or more; null if the memory was found by its meaning only.",
    }),
    neighbours: t.exposeFloat('neighbours', {
      nullable: true,
      description:
        'The contribution of the words of the memories saved directly before and after this one in the same conversation, 0 or more; null if the memory was found by its meaning only.',
    }),
    boost: t.exposeFloat('boost', {
      nullable: true,
      description:
        'The factor for the speaker: above 1 if the query names the speaker, otherwise 1; null if the memory was found by its meaning only.',
    }),
    recency: t.exposeFloat('recency', {
      nullable: true,
      description: `The factor for the age of the memory, from ${RECENCY.min} for an old one to ${RECENCY.min + RECENCY.range} for a new one; null if the memory was found by its meaning only.`,
    }),
    importance: t.exposeFloat('importance', {
      nullable: true,
      description: `The factor for the importance of the memory, from ${IMPORTANCE.min} to ${IMPORTANCE.min + IMPORTANCE.range}; null if the memory was found by its meaning only.`,
    }),
    semantic: t.exposeFloat('semantic', {
      nullable: true,
      description:
        'The cosine similarity of the embeddings of query and memory, at most 1; null if the memory was found by its words only.',
    }),
    lexicalRank: t.exposeInt('lexicalRank', {
      nullable: true,
      description:
        'The rank of the memory in the lexical ranking, from 1; null if it is not in that ranking, and in other modes than HYBRID.',
    }),
    semanticRank: t.exposeInt('semanticRank', {
      nullable: true,
      description:
        'The rank of the memory in the semantic ranking, from 1; null if it is not in that ranking, and in other modes than HYBRID.',
    }),
  }),
});

const MemoryMatch = builder
  .objectRef<MatchShape & { memory: MemoryRow; explanation: Explanation }>('MemoryMatch')
  .implement({
    description: 'A memory found by a search.',
    extensions: cachedFor({ minutes: 120 }),
    fields: (t) => ({
      memory: t.field({
        type: Memory,
        description: 'The memory that was found.',
        extensions: CACHED,
        resolve: ({ memory }) => memory,
      }),
      score: t.exposeFloat('score', { description: SCORE }),
      snippet: t.exposeString('snippet', { description: SNIPPET }),
      explanation: t.field({
        type: MatchExplanation,
        description: 'How the score of the memory was computed.',
        extensions: CACHED,
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
        description: 'One page of the matches, best first.',
        extensions: CACHED,
        resolve: ({ matches }) => matches,
      }),
      mode: t.expose('mode', {
        type: SearchMode,
        description: 'The mode in which the search ran, which may differ from the requested mode.',
      }),
      found: t.exposeBoolean('found', { description: descriptions.found }),
      tookMs: t.exposeFloat('tookMs', { description: 'How long the search took, in milliseconds.' }),
    }),
  });
}

const NEAREST =
  'Whether any text is relevant enough to answer the query, on whatever page. If false, `matches` has only the nearest texts that share a word with the query, if any; do not use them as an answer.';

const MessageSearchResult = searchResult('MessageSearchResult', MessageMatch, {
  type: 'The result of a search for messages.',
  found: NEAREST,
});

const TranscriptSearchResult = searchResult('TranscriptSearchResult', TranscriptMatch, {
  type: 'The result of a search in transcripts.',
  found: NEAREST,
});

const MemorySearchResult = searchResult(
  'MemorySearchResult',
  MemoryMatch,
  {
    type: 'The result of a search for memories.',
    found:
      'Whether any memory is relevant enough to answer the query, on whatever page. If false, `matches` has only the nearest memories that share a word with the query, if any; do not use them as an answer.',
  },
  cachedFor({ minutes: 120 }),
);

const QUERY = `The search text, up to ${digits(MAX_QUERY_LENGTH)} characters: English, Hebrew, names, dates, emoji and other symbols. There is no query syntax. Expressions of time ("last week") rank texts of that time higher; a query with nothing else finds messages of that time.`;
const ERRORS = 'Errors: BAD_USER_INPUT.';
const first = (matches: number) =>
  `The maximum number of matches to return, 0 to ${MAX_PAGE_SIZE}. Default: ${matches}. \`offset\` + \`first\` is at most ${MAX_RANKED}.`;
/** What a search costs next to its page, 10 points: PostgreSQL takes 10 to 80 ms for it. */
const SEARCH_COST = 500;

const searchCost = (page: Parameters<typeof pageCost>[0]) => ({ ...pageCost(page), field: SEARCH_COST });

const OFFSET = `The number of best matches to skip. A search ranks ${MAX_RANKED} matches: \`offset\` + \`first\` is at most ${MAX_RANKED}. While the data is unchanged, pages of a search in one mode have no gaps or overlaps.`;

builder.queryFields((t) => ({
  searchMessages: t.field({
    type: MessageSearchResult,
    description: `Searches the viewer's messages by words, in all conversations or in one. ${ERRORS}`,
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      conversationId: t.arg.id({
        description: 'Search only the conversation with this id. Default: all conversations.',
      }),
      archived: t.arg.boolean({
        description:
          'If true, only archived conversations are searched; if false, only those that are not archived. Default: both.',
      }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.messages,
        description: first(resolvers.DEFAULT_MATCHES.messages),
      }),
      offset: t.arg.int({ defaultValue: 0, description: OFFSET }),
    },
    complexity: searchCost,
    extensions: NOT_CACHED,
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
        description: 'Which memories to search. Default: all that are neither expired, ended nor superseded.',
      }),
      mode: t.arg({ type: SearchMode, defaultValue: 'HYBRID', description: 'The search mode.' }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.memories,
        description: first(resolvers.DEFAULT_MATCHES.memories),
      }),
      offset: t.arg.int({ defaultValue: 0, description: OFFSET }),
    },
    complexity: searchCost,
    extensions: CACHED,
    resolve: resolvers.searchMemories,
  }),
  searchTranscripts: t.field({
    type: TranscriptSearchResult,
    description: `Searches the transcripts of the viewer's episodes by words, in all episodes or in one. ${ERRORS}`,
    args: {
      query: t.arg.string({ required: true, description: QUERY }),
      episodeId: t.arg.id({ description: 'Search only the episode with this id. Default: all episodes.' }),
      first: t.arg.int({
        defaultValue: resolvers.DEFAULT_MATCHES.transcripts,
        description: first(resolvers.DEFAULT_MATCHES.transcripts),
      }),
      offset: t.arg.int({ defaultValue: 0, description: OFFSET }),
    },
    complexity: searchCost,
    extensions: NOT_CACHED,
    resolve: resolvers.searchTranscripts,
  }),
}));
