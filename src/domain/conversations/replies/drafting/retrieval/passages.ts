import { hasStatement } from '#domain/conversations/replies/drafting/intents/statements.ts';
import type { Deps } from '#domain/core/deps.ts';
import { toParsedSegment } from '#domain/episodes/transcripts/segments.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences.ts';
import type { SegmentHit } from '#domain/search/search-result.ts';
import { searchTranscripts } from '#domain/search/transcript-search.ts';
import type { TranscriptSegment } from '#generated/prisma/client.ts';
import { addRange, type Passage, type SentenceRange, toPassage } from './sentence-ranges.ts';

/** Hits of the search that passages are made from. */
const MAX_HITS = 8;
/** Segments read on either side of a hit: enough for a sentence in captions of two words each. */
const SEGMENTS_AROUND = 12;
/** Characters of a caption, whose sentence may go on in the next. What is longer is read by itself. */
const MAX_CAPTION = 500;
/** Characters of a sentence that is more than "Hello" or "Yeah". */
const MIN_OPENING_CHARACTERS = 60;

/** Finds what an episode says of something, best first and what it only asks last; empty where nothing is close enough. */
export async function findPassages(
  deps: Deps,
  { query, episodeId }: { query: string; episodeId: string },
): Promise<Passage[]> {
  const { hits, found } = await searchTranscripts(deps, { query, episodeId, limit: MAX_HITS });
  if (!found) return [];
  const runs = groupRuns(await loadSegmentsAround(deps, episodeId, hits));
  const ranges: SentenceRange[] = [];
  for (const hit of hits) {
    const run = runs.find(({ segments }) => segments.some(({ id }) => id === hit.segmentId));
    const segment = run?.segments.find(({ id }) => id === hit.segmentId);
    if (run && segment) addRange(ranges, segment, hit, run.sentences());
  }
  const passages = ranges.map(toPassage);
  return [...passages.filter(({ text }) => hasStatement(text)), ...passages.filter(({ text }) => !hasStatement(text))];
}

/** Finds what is first said at some length from a moment on, in seconds of the recording; null where no more is said. */
export async function findPassageFrom(
  { database, actor }: Deps,
  { episodeId, fromSeconds }: { episodeId: string; fromSeconds: number },
): Promise<Passage | null> {
  const segments = await database.prisma.transcriptSegment.findMany({
    where: { transcript: { episodeId }, ownerId: actor.userId, startSeconds: { gte: fromSeconds } },
    orderBy: { index: 'asc' },
    take: SEGMENTS_AROUND,
  });
  const [run] = groupRuns(segments);
  if (!run) return null;
  const sentences = run.sentences();
  const opening = sentences.find(({ text }) => text.length >= MIN_OPENING_CHARACTERS) ?? sentences[0];
  const segment = run.segments.findLast(({ startSeconds }) => opening && startSeconds <= opening.startSeconds);
  const ranges: SentenceRange[] = [];
  if (segment) addRange(ranges, segment, { score: 0, matchedWords: new Set() }, sentences);
  return ranges.map(toPassage)[0] ?? null;
}

async function loadSegmentsAround(
  { database, actor }: Deps,
  episodeId: string,
  hits: readonly SegmentHit[],
): Promise<TranscriptSegment[]> {
  const where = { transcript: { episodeId }, ownerId: actor.userId };
  const found = await database.prisma.transcriptSegment.findMany({
    where: { ...where, id: { in: hits.map(({ segmentId }) => segmentId) } },
    select: { index: true },
  });
  const ranges = found.map(({ index }) => ({ index: { gte: index - SEGMENTS_AROUND, lte: index + SEGMENTS_AROUND } }));
  return database.prisma.transcriptSegment.findMany({ where: { ...where, OR: ranges }, orderBy: { index: 'asc' } });
}

/** Captions that follow one another, or one longer segment: no sentence reaches over what was not read. */
type SegmentRun = { segments: TranscriptSegment[]; sentences(): Sentence[] };

function groupRuns(segments: readonly TranscriptSegment[]): SegmentRun[] {
  const runs: TranscriptSegment[][] = [];
  for (const segment of segments) {
    const before = runs.at(-1)?.at(-1);
    const goesOn = before?.index === segment.index - 1 && isCaption(before) && isCaption(segment);
    if (goesOn) runs.at(-1)?.push(segment);
    else runs.push([segment]);
  }
  return runs.map((run) => {
    let sentences: Sentence[] | undefined;
    return { segments: run, sentences: () => (sentences ??= splitIntoSentences(run.map(toParsedSegment))) };
  });
}

const isCaption = ({ text }: TranscriptSegment) => text.length <= MAX_CAPTION;
