import type { StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import { findPassageFrom, findPassages } from '#domain/conversations/replies/drafting/retrieval/passages.ts';
import {
  asksForMore,
  expandQuery,
  hasNoSubject,
  listCitedSegments,
  refersToPerson,
} from '#domain/conversations/replies/drafting/retrieval/search-query.ts';
import type { Passage } from '#domain/conversations/replies/drafting/retrieval/sentence-ranges.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { citePassage, keepCloseToBest, type Part, type Turn, toParts } from './answer-parts.ts';

/** Fraction of the best score: what comes after a question has half of its score, and mostly answers it. */
const MIN_SCORE_FRACTION = 0.5;
/** How many passages one reply quotes. */
const MAX_PASSAGES = { written: 3, spoken: 1 };

/**
 * Quotes what an episode says of something; returns no part where it says nothing. A question that points back, or asks for
 * more, gets what no earlier reply has quoted.
 */
export async function quotePassages(turn: Turn, episode: Episode): Promise<Part[]> {
  const { deps, request, words, phrases } = turn;
  const pointsBack = hasNoSubject(words);
  const quoted = new Set(pointsBack || asksForMore(words) ? request.earlier.flatMap(listCitedSegments) : []);
  const continuation = pointsBack && !refersToPerson(words) ? await findContinuation(turn, episode) : null;
  if (continuation) quoted.add(continuation.segment.id);
  const query = await expandQuery(deps, words, request.earlier);
  const found = await findPassages(deps, { query, episodeId: episode.id });
  const fresh = keepCloseToBest(
    found.filter(({ segment }) => !quoted.has(segment.id)),
    MIN_SCORE_FRACTION,
  );
  if (!continuation && fresh.length === 0 && quoted.size > 0) return toParts(phrases.nothingMoreSaid);
  return assembleQuotes(turn, continuation, fresh);
}

function assembleQuotes(turn: Turn, continuation: Passage | null, found: readonly Passage[]): Part[] {
  const { phrases, spoken } = turn;
  const room = (spoken ? MAX_PASSAGES.spoken : MAX_PASSAGES.written) - (continuation ? 1 : 0);
  const passages = found.slice(0, room);
  const lead = continuation ? phrases.elsewhere : phrases.passages(passages.length);
  return [
    ...(continuation ? [...toParts(phrases.goesOn), citePassage(turn, continuation)] : []),
    ...(passages.length > 0 ? toParts(lead) : []),
    ...passages.map((passage) => citePassage(turn, passage)),
  ];
}

/** What follows on the passage that the last reply quoted first: reasons and details mostly do. */
async function findContinuation({ deps, request }: Turn, { id: episodeId }: Episode): Promise<Passage | null> {
  const last = request.earlier.findLast(({ role }) => role === 'ASSISTANT');
  const [citation] = (last?.citations ?? []) as StoredCitation[];
  return citation?.endSeconds == null ? null : findPassageFrom(deps, { episodeId, fromSeconds: citation.endSeconds });
}
