import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import { findPassages, passageFrom } from '#domain/conversations/replies/drafting/retrieval/passages.ts';
import {
  asksForMore,
  asksOfSomebody,
  citedSegments,
  hasNoSubject,
  searchTextOf,
} from '#domain/conversations/replies/drafting/retrieval/search-query.ts';
import type { Passage } from '#domain/conversations/replies/drafting/retrieval/sentence-ranges.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { citedPassage, closeToBest, type Part, sentences, type Turn } from './answer-parts.ts';

/** What comes after a question has half of its score, and mostly answers it. */
const CLOSE = 0.5;
const MAX_PASSAGES = { written: 3, spoken: 1 };

/** Quotes what an episode says of something; nothing where it does not. What points back is told what was not quoted yet. */
export async function quotePassages(turn: Turn, episode: Episode): Promise<Part[]> {
  const { deps, asked, words, phrases } = turn;
  const pointsBack = hasNoSubject(words);
  const heard = new Set(pointsBack || asksForMore(words) ? asked.earlier.flatMap(citedSegments) : []);
  const continuation = pointsBack && !asksOfSomebody(words) ? await afterLastQuote(turn, episode) : null;
  if (continuation) heard.add(continuation.segment.id);
  const query = await searchTextOf(deps, words, asked.earlier);
  const found = await findPassages(deps, { query, episodeId: episode.id });
  const fresh = closeToBest(
    found.filter(({ segment }) => !heard.has(segment.id)),
    CLOSE,
  );
  if (!continuation && fresh.length === 0 && heard.size > 0) return sentences(phrases.nothingMoreSaid);
  return quoted(turn, continuation, fresh);
}

function quoted(turn: Turn, continuation: Passage | null, found: readonly Passage[]): Part[] {
  const { phrases, spoken } = turn;
  const room = (spoken ? MAX_PASSAGES.spoken : MAX_PASSAGES.written) - (continuation ? 1 : 0);
  const passages = found.slice(0, room);
  const lead = continuation ? phrases.elsewhere : phrases.passages(passages.length);
  return [
    ...(continuation ? [...sentences(phrases.goesOn), citedPassage(turn, continuation)] : []),
    ...(passages.length > 0 ? sentences(lead) : []),
    ...passages.map((passage) => citedPassage(turn, passage)),
  ];
}

/** What follows on the passage that the last reply quoted first: reasons and details mostly do. */
async function afterLastQuote({ deps, asked }: Turn, { id: episodeId }: Episode): Promise<Passage | null> {
  const last = asked.earlier.findLast(({ role }) => role === 'ASSISTANT');
  const [citation] = (last?.citations ?? []) as StoredCitation[];
  return citation?.endSeconds == null ? null : passageFrom(deps, { episodeId, fromSeconds: citation.endSeconds });
}
