import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';

/** A word as it is compared, with its time. */
export type BareWord = TimeRange & { bare: string };

/** What a second of distance costs where words fit twice: less than a word in a minute. */
const COST_PER_SECOND = 0.02;

const [DIAGONAL, UP, LEFT] = [1, 2, 3];

/**
 * Fits a few words into many (Needleman and Wunsch 1970, with free ends of the longer side), the nearest of places that fit alike.
 * Returns for each of the few its place among the many, -1 where it has none.
 */
export function alignContext(few: readonly BareWord[], many: readonly BareWord[]): Int32Array {
  const width = many.length + 1;
  const scores = new Float64Array((few.length + 1) * width);
  const steps = new Uint8Array(scores.length);
  for (let i = 1; i <= few.length; i += 1) {
    scores[i * width] = -i;
    steps[i * width] = UP;
    for (let j = 1; j < width; j += 1) {
      const fits = few[i - 1]?.bare === many[j - 1]?.bare ? 2 : -1;
      const diagonal = (scores[(i - 1) * width + j - 1] as number) + fits;
      const up = (scores[(i - 1) * width + j] as number) - 1;
      const left = (scores[i * width + j - 1] as number) - 1;
      const best = Math.max(diagonal, up, left);
      scores[i * width + j] = best;
      steps[i * width + j] = best === diagonal ? DIAGONAL : best === up ? UP : LEFT;
    }
  }
  let end = 0;
  let bestFit = Number.NEGATIVE_INFINITY;
  const expected = few.at(-1)?.startSeconds ?? 0;
  for (let j = 1; j < width; j += 1) {
    const distance = Math.abs((many[j - 1] as BareWord).startSeconds - expected);
    const fit = (scores[few.length * width + j] as number) - COST_PER_SECOND * distance;
    if (fit > bestFit) [bestFit, end] = [fit, j];
  }
  return traceBack(steps, few.length, end, width);
}

function traceBack(steps: Uint8Array, rows: number, end: number, width: number): Int32Array {
  const places = new Int32Array(rows).fill(-1);
  for (let i = rows, j = end; i > 0; ) {
    const step = steps[i * width + j];
    if (step === DIAGONAL) places[i - 1] = j - 1;
    if (step !== LEFT) i -= 1;
    if (step !== UP) j -= 1;
  }
  return places;
}
