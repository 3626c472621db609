import { states } from '#domain/conversations/replies/drafting/intents/statements.ts';
import type { Deps } from '#domain/core/deps.ts';
import { toParsedSegment } from '#domain/episodes/transcripts/segments.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences.ts';
import { type SegmentHit, searchTranscripts } from '#domain/search/transcript-search.ts';
import type { TranscriptSegment } from '#generated/prisma/client.ts';
import { addRange, type Passage, passageOf, type SentenceRange } from './sentence-ranges.ts';

const MAX_HITS = 8;
/** Segments read on either side of a hit: a sentence of captions of two words each. */
const SEGMENTS_AROUND = 12;
/** Characters of a caption, whose sentence may go on in the next. What is longer is read by itself. */
const MAX_CAPTION = 500;
/** Characters of a segment that are taken apart: 20 MB of words would stop the process for seconds. */
const MAX_SEGMENT = 20_000;
/** Characters of a sentence that says something. */
const TELLING = 60;

/** What an episode says of something, best first, and what it only asks last; nothing where nothing is close enough. */
export async function findPassages(
  deps: Deps,
  { query, episodeId }: { query: string; episodeId: string },
): Promise<Passage[]> {
  const { hits, found } = await searchTranscripts(deps, { query, episodeId, limit: MAX_HITS });
  if (!found) return [];
  const stretches = stretchesOf(await segmentsAround(deps, episodeId, hits));
  const ranges: SentenceRange[] = [];
  for (const hit of hits) {
    const stretch = stretches.find(({ segments }) => segments.some(({ id }) => id === hit.segmentId));
    const segment = stretch?.segments.find(({ id }) => id === hit.segmentId);
    if (stretch && segment) addRange(ranges, segment, hit, stretch.sentences());
  }
  const passages = ranges.map(passageOf);
  return [...passages.filter(({ text }) => states(text)), ...passages.filter(({ text }) => !states(text))];
}

/** What is said at some length first from a moment on: after "Hello" and "Yeah". */
export async function passageFrom(
  { database, actor }: Deps,
  { episodeId, fromSeconds }: { episodeId: string; fromSeconds: number },
): Promise<Passage | null> {
  const segments = await database.prisma.transcriptSegment.findMany({
    where: { episodeId, ownerId: actor.userId, startSeconds: { gte: fromSeconds } },
    orderBy: { index: 'asc' },
    take: SEGMENTS_AROUND,
  });
  const [stretch] = stretchesOf(segments);
  if (!stretch) return null;
  const sentences = stretch.sentences();
  const begun = sentences.find(({ text }) => text.length >= TELLING) ?? sentences[0];
  const segment = stretch.segments.findLast(({ startSeconds }) => begun && startSeconds <= begun.startSeconds);
  const ranges: SentenceRange[] = [];
  if (segment) addRange(ranges, segment, { score: 0, snippet: '' }, sentences);
  return ranges.map(passageOf)[0] ?? null;
}

async function segmentsAround(
  { database, actor }: Deps,
  episodeId: string,
  hits: readonly SegmentHit[],
): Promise<TranscriptSegment[]> {
  const where = { episodeId, ownerId: actor.userId };
  const found = await database.prisma.transcriptSegment.findMany({
    where: { ...where, id: { in: hits.map(({ segmentId }) => segmentId) } },
    select: { index: true },
  });
  const ranges = found.map(({ index }) => ({ index: { gte: index - SEGMENTS_AROUND, lte: index + SEGMENTS_AROUND } }));
  return database.prisma.transcriptSegment.findMany({ where: { ...where, OR: ranges }, orderBy: { index: 'asc' } });
}

/** Captions that follow one another, or one longer segment: no sentence reaches over what was not read. */
type Stretch = { segments: TranscriptSegment[]; sentences(): Sentence[] };

function stretchesOf(segments: readonly TranscriptSegment[]): Stretch[] {
  const stretches: TranscriptSegment[][] = [];
  for (const segment of segments) {
    const before = stretches.at(-1)?.at(-1);
    const goesOn = before?.index === segment.index - 1 && isCaption(before) && isCaption(segment);
    if (goesOn) stretches.at(-1)?.push(segment);
    else stretches.push([segment]);
  }
  return stretches.map((stretch) => {
    let sentences: Sentence[] | undefined;
    return { segments: stretch, sentences: () => (sentences ??= sentencesIn(stretch)) };
  });
}

const isCaption = ({ text }: TranscriptSegment) => text.length <= MAX_CAPTION;

function sentencesIn(stretch: readonly TranscriptSegment[]): Sentence[] {
  return stretch.some(({ text }) => text.length > MAX_SEGMENT)
    ? [...stretch]
    : splitIntoSentences(stretch.map(toParsedSegment));
}
