import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importConversation } from '#domain/conversations/import-conversation.ts';
import type { Deps } from '#domain/core/deps.ts';
import { importTranscript } from '#domain/episodes/transcripts/import-transcript.ts';
import { ACTIVE_MEMORIES } from '#domain/memories/filter.ts';
import { saveMemory } from '#domain/memories/memories.ts';
import { searchMemories } from '#domain/search/memory-search.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import { searchTranscripts } from '#domain/search/transcript-search.ts';
import { baselineOver } from './search-baseline.ts';
import * as cashu from './search-questions/cashu-and-fedimint.ts';
import * as hebrew from './search-questions/hebrew.ts';
import * as lightning from './search-questions/lightning-privacy-splice-panel.ts';
import type { Question, SearchSet } from './search-set.ts';

type Row = { id: string };
/** So many hits are asked for, and looked at. */
export const LIMIT = 10;

/** Every set, imported from the files of `directory`; each belongs to a new user that `newUser` makes. */
export async function searchSets(directory: string, newUser: () => Promise<Deps>): Promise<SearchSet[]> {
  const read = (file: string) => readFileSync(join(directory, file), 'utf8');
  const lines = read('hebrew/sentences.txt').trimEnd().split('\n');
  return [
    await podcast('podcast A, to tune with', read('podcast/cashu-and-fedimint.vtt'), cashu, await newUser()),
    await podcast(
      'podcast B, held out',
      read('podcast/lightning-privacy-splice-panel.vtt'),
      lightning,
      await newUser(),
    ),
    await memories('Hebrew memories', lines, await newUser()),
    await messages('Hebrew messages', lines, await newUser()),
  ];
}

async function podcast(name: string, content: string, asked: typeof cashu, deps: Deps): Promise<SearchSet> {
  const { episode } = await importTranscript(deps, {
    episodeId: null,
    title: name,
    format: 'VTT',
    content: Buffer.from(content),
    language: 'en',
  });
  const segments = await deps.database.prisma.transcriptSegment.findMany({
    where: { transcript: { episodeId: episode.id } },
  });
  const saidIn = ([from, to]: [number, number]) =>
    segments.filter(({ startSeconds, endSeconds }) => startSeconds < to && endSeconds > from);
  return {
    name,
    questions: asked.QUESTIONS.map(([question, ...answers]) => labelQuestion(question, answers.flatMap(saidIn))),
    unanswered: asked.UNANSWERED,
    baseline: baselineOver(deps, {
      table: 'transcript_segments',
      text: 'text',
      configuration: 'english',
      limit: LIMIT,
    }),
    async search(query) {
      const { hits, found, features } = await searchTranscripts(deps, { query, episodeId: episode.id, limit: LIMIT });
      return { ids: hits.map(({ segmentId }) => segmentId), found, features };
    },
  };
}

async function memories(name: string, lines: readonly string[], deps: Deps): Promise<SearchSet> {
  const rows: Row[] = [];
  for (const content of lines) rows.push((await saveMemory(deps, { content })).memory);
  return {
    ...inHebrew(name, rows),
    baseline: baselineOver(deps, { table: 'memories', text: 'content', configuration: 'simple', limit: LIMIT }),
    async search(query) {
      const search = { query, filter: ACTIVE_MEMORIES, mode: 'LEXICAL', limit: LIMIT } as const;
      const { hits, found, features } = await searchMemories(deps, search);
      return { ids: hits.map(({ memoryId }) => memoryId), found, features };
    },
  };
}

async function messages(name: string, lines: readonly string[], deps: Deps): Promise<SearchSet> {
  const history = lines.map((content) => ({ role: 'USER' as const, content }));
  const { id: conversationId } = (await importConversation(deps, { history })).conversation;
  const rows = await deps.database.prisma.message.findMany({
    where: { conversationId },
    orderBy: { sequence: 'asc' },
  });
  return {
    ...inHebrew(name, rows),
    baseline: baselineOver(deps, { table: 'messages', text: 'content', configuration: 'simple', limit: LIMIT }),
    async search(query) {
      const { hits, found, features } = await searchMessages(deps, {
        query,
        conversationId,
        archived: null,
        limit: LIMIT,
      });
      return { ids: hits.map(({ messageId }) => messageId), found, features };
    },
  };
}

/** `rows`: what became of each line; two lines that say the same are one memory. */
function inHebrew(name: string, rows: readonly Row[]): Pick<SearchSet, 'name' | 'questions' | 'unanswered'> {
  const rowOf = (line: number) => rows[line - 1] as Row;
  const questions = hebrew.QUESTIONS.map(([question, ...lines]) => labelQuestion(question, lines.map(rowOf)));
  return { name, questions, unanswered: hebrew.UNANSWERED };
}

function labelQuestion(question: string, rows: readonly Row[]): Question {
  if (rows.length === 0) throw new Error(`Nothing answers "${question}": are these the files the questions are about?`);
  return { question, evidence: new Set(rows.map(({ id }) => id)) };
}
