import { hasStatement } from '#domain/conversations/replies/drafting/intents/statements.ts';
import type { Deps } from '#domain/core/deps.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';
import { toParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import type { SegmentHit } from '#domain/search/search-result.ts';
import { searchTranscripts } from '#domain/search/transcript-search.ts';
import { isCaption, type ReadSegment, readSegmentsAround, readSegmentsFrom } from './segments.ts';
import { addRange, type Passage, type SentenceRange, toPassage } from './sentence-ranges.ts';

/** Hits of the search that passages are made from. */
const MAX_HITS = 8;
/** Characters of a sentence that is more than "Hello" or "Yeah". */
const MIN_OPENING_CHARACTERS = 60;

/** Finds what an episode says of something, best first and what it only asks last; empty where nothing is close enough. */
export async function findPassages(
  deps: Deps,
  { query, episodeId }: { query: string; episodeId: string },
): Promise<Passage[]> {
  const { hits, found } = await searchTranscripts(deps, { query, episodeId, limit: MAX_HITS });
  if (!found) return [];
  const excerpts = new Map(hits.map(({ segmentId, excerpt }) => [segmentId, excerpt]));
  const segments = await readSegmentsAround(deps, { episodeId, segmentIds: [...excerpts.keys()] });
  const runs = groupRuns(
    segments.map((segment) =>
      segment.isCut ? { ...segment, text: excerpts.get(segment.id) ?? segment.text } : segment,
    ),
  );
  const ranges: SentenceRange[] = [];
  const addHit = (hit: SegmentHit) => {
    const run = runs.find(({ segments }) => segments.some(({ id }) => id === hit.segmentId));
    const segment = run?.segments.find(({ id }) => id === hit.segmentId);
    if (run && segment) addRange(ranges, segment, hit, run.sentences());
  };
  await visitInSlices(hits, addHit);
  const passages = ranges.map(toPassage);
  return [...passages.filter(({ text }) => hasStatement(text)), ...passages.filter(({ text }) => !hasStatement(text))];
}

/** Finds what is first said at some length from a moment on, in seconds of the recording; null where no more is said. */
export async function findPassageFrom(
  deps: Deps,
  from: { episodeId: string; fromSeconds: number },
): Promise<Passage | null> {
  const segments = await readSegmentsFrom(deps, from);
  const [run] = groupRuns(segments);
  if (!run) return null;
  const sentences = run.sentences();
  const opening = sentences.find(({ text }) => text.length >= MIN_OPENING_CHARACTERS) ?? sentences[0];
  const segment = run.segments.findLast(({ startSeconds }) => opening && startSeconds <= opening.startSeconds);
  const ranges: SentenceRange[] = [];
  if (segment) addRange(ranges, segment, { score: 0, matchedWords: new Set() }, sentences);
  return ranges.map(toPassage)[0] ?? null;
}

/** Captions that follow one another, or one longer segment: no sentence reaches over what was not read. */
type SegmentRun = { segments: ReadSegment[]; sentences(): Sentence[] };

function groupRuns(segments: readonly ReadSegment[]): SegmentRun[] {
  const runs: ReadSegment[][] = [];
  for (const segment of segments) {
    const before = runs.at(-1)?.at(-1);
    const goesOn = before?.index === segment.index - 1 && isCaption(before) && isCaption(segment);
    if (goesOn) runs.at(-1)?.push(segment);
    else runs.push([segment]);
  }
  return runs.map((run) => {
    let sentences: Sentence[] | undefined;
    return { segments: run, sentences: () => (sentences ??= splitRun(run)) };
  });
}

function splitRun(run: readonly ReadSegment[]): Sentence[] {
  return run.some(({ isCut }) => isCut) ? [...run] : splitIntoSentences(run.map(toParsedSegment));
}
