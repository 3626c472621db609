import type { DraftRequest, StoredCitation } from '#domain/conversations/replies/drafting/draft.ts';
import { detectSmallTalk } from '#domain/conversations/replies/drafting/intents/small-talk.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ASKING_WORDS, FUNCTION_WORDS, PERSONS, POINTERS } from '#domain/text/function-words.ts';
import { normalizedWords } from '#domain/text/tokenizers.ts';
import { match } from '#domain/text/word-patterns.ts';
import type { Message } from '#generated/prisma/client.ts';

/** How people ask for more of what was answered. */
const REQUESTS_FOR_MORE = [
  'tell me? more|further …',
  'give|show me? more …',
  'more …',
  'and? what|who|where|when|anything|something|anyone|someone|how else …',
  'and? what more …',
  'is there anything|something? more|else …',
  'go on',
  'continue|elaborate|expand …',
  'מה|מי|איפה|מתי|ומה|ומי עוד …',
  'עוד …',
  'יש עוד …',
  'ספר|ספרי|תספר|תספרי לי? עוד …',
  'המשך|המשיכי|תמשיך|תמשיכי|פרט|פרטי|תפרט|תפרטי …',
];

/** Whether a question asks for more of what was answered. */
export function asksForMore(words: readonly string[]): boolean {
  return REQUESTS_FOR_MORE.some((pattern) => match(pattern, words));
}

/** Builds the search query for a question: of a long one, its beginning; of mere small talk, the empty text. */
export async function buildSearchQuery(deps: Deps, { question, earlier }: DraftRequest): Promise<string> {
  const talk = detectSmallTalk(normalizedWords(question.content));
  return talk.topic ? '' : expandQuery(deps, talk.rest, earlier);
}

/**
 * Makes a query of a question's words: after those of the question before where it points back ("and why?"), and after the
 * name of whom the last reply quoted where it asks what "she" says.
 */
export async function expandQuery(deps: Deps, words: readonly string[], earlier: readonly Message[]): Promise<string> {
  const before = pointsBack(words) ? findLastSubject(earlier) : [];
  const speaker = refersToPerson(words) ? await findLastQuotedSpeaker(deps, earlier) : null;
  return [
    ...(speaker ? [speaker] : []),
    ...before,
    ...(before.length > 0 ? keepContentWords(words) : dropAskingWords(words)),
  ].join(' ');
}

function pointsBack(words: readonly string[]): boolean {
  const count = keepContentWords(words).length;
  return count === 0 || (count === 1 && words.some((word) => POINTERS.has(word)));
}

function findLastSubject(earlier: readonly Message[]): string[] {
  const subjects = earlier
    .filter(({ role }) => role === 'USER')
    .map(({ content }) => keepContentWords(normalizedWords(content)));
  return subjects.findLast((subject) => subject.length > 0) ?? [];
}

/** Without the words of asking, as long as others say what is asked about. */
function dropAskingWords(words: readonly string[]): readonly string[] {
  return hasNoSubject(words) ? words : words.filter((word) => !ASKING_WORDS.has(word));
}

/** Whether a question has no subject of its own, as "and why?". */
export const hasNoSubject = (words: readonly string[]): boolean => keepContentWords(words).length === 0;

/** Whether a question asks what somebody said who is only pointed at, as "what else did she say?". */
export const refersToPerson = (words: readonly string[]): boolean => words.some((word) => PERSONS.has(word));

/** The words that say what a question is about. */
function keepContentWords(words: readonly string[]): string[] {
  return words.filter((word) => !FUNCTION_WORDS.has(word) && !ASKING_WORDS.has(word));
}

async function findLastQuotedSpeaker({ database, actor }: Deps, earlier: readonly Message[]): Promise<string | null> {
  const quoted = earlier.map(listCitedSegments).findLast((ids) => ids.length > 0);
  if (!quoted) return null;
  const where = { id: quoted[0] as string, ownerId: actor.userId };
  return (await database.prisma.transcriptSegment.findFirst({ where }))?.speaker ?? null;
}

/** Returns the ids of the segments that a reply has quoted. */
export function listCitedSegments({ citations }: Message): string[] {
  const stored = (citations ?? []) as Pick<StoredCitation, 'segmentId'>[];
  return stored.flatMap(({ segmentId }) => segmentId ?? []);
}
