import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { FRAMES_PER_SECOND, type MeasuredSound, MIN_LEVEL_DB } from './measure.ts';

/** How loud a recording is: its noise, its voices, and the level between them under which nobody speaks. All in dB of full scale. */
export type Loudness = { floorDb: number; speechDb: number; thresholdDb: number };

/** The parts of the frames that are quieter: nearly the quietest are noise, nearly the loudest are speech. */
const FLOOR_QUANTILE = 0.05;
const SPEECH_QUANTILE = 0.9;
/** From the floor up to speech, this part of the way: above it are breaths, under it the ends of words. */
const THRESHOLD_PART = 0.35;
/** Speech this much under its loudest is still speech; between digital silence and a voice there is much room. */
const MAX_SPEECH_RANGE_DB = 35;
/** Where noise and speech are nearer to each other than this, no pause can be told. */
const MIN_RANGE_DB = 6;
/** A recording whose loudest is under this has nothing to hear in it. */
const INAUDIBLE_DB = -65;

/**
 * Where what is under speech is nearer to it than this, it is a bed of noise or music, whose beats and breaths are no pauses and no speech.
 */
const MAX_BED_RANGE_DB = 25;
/** Frames before and behind one that its level is taken over, where there is a bed: a fifth of a second in all. */
const BED_REACH_FRAMES = 10;

/** Pauses that are shorter are within words. */
const MIN_SILENCE_SECONDS = 0.2;

/** Full scale, in steps of 1 dB from MIN_LEVEL_DB. */
const MAX_STEP = -MIN_LEVEL_DB;

/** Measures how loud a recording is. Takes linear time: levels are counted in steps of 1 dB. */
export function measureLoudness({ levels }: Pick<MeasuredSound, 'levels'>): Loudness {
  const counts = new Uint32Array(MAX_STEP + 1);
  for (const level of levels) {
    const step = Math.min(MAX_STEP, Math.max(0, Math.round(level) - MIN_LEVEL_DB));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  const quantile = (part: number) => {
    let left = part * levels.length;
    let step = 0;
    for (; step < MAX_STEP; step += 1) {
      left -= counts[step] ?? 0;
      if (left <= 0) break;
    }
    return step + MIN_LEVEL_DB;
  };
  const [floorDb, speechDb] = [quantile(FLOOR_QUANTILE), quantile(SPEECH_QUANTILE)];
  const between = floorDb + THRESHOLD_PART * (speechDb - floorDb);
  return { floorDb, speechDb, thresholdDb: Math.max(between, speechDb - MAX_SPEECH_RANGE_DB, INAUDIBLE_DB) };
}

/** Whether there is nothing to hear in a recording. */
export function isInaudible({ speechDb, thresholdDb }: Loudness, { levels }: Pick<MeasuredSound, 'levels'>): boolean {
  return speechDb <= INAUDIBLE_DB && !levels.some((level) => level > thresholdDb);
}

/**
 * Finds the pauses of a recording, in order: where it is under a threshold between its own noise and its own speech, for a fifth of a
 * second or longer. None where these cannot be told apart. Over a bed, as of music, it is the mean level of a fifth of a second that
 * counts.
 */
export function findSilences(sound: Pick<MeasuredSound, 'levels'>): TimeRange[] {
  const loudness = measureLoudness(sound);
  if (loudness.speechDb - loudness.floorDb < MAX_BED_RANGE_DB) return findSilencesOverBed(sound);
  return findQuiet(sound, loudness);
}

function findSilencesOverBed({ levels }: Pick<MeasuredSound, 'levels'>): TimeRange[] {
  const means = { levels: meanLevels(levels) };
  const loudness = measureLoudness(means);
  return findQuiet(means, loudness, growthOf(loudness));
}

/** Finds where levels are under the threshold; `growth` frames are put to each side. */
function findQuiet(
  { levels }: Pick<MeasuredSound, 'levels'>,
  { floorDb, speechDb, thresholdDb }: Loudness,
  growth = 0,
): TimeRange[] {
  if (speechDb - floorDb < MIN_RANGE_DB && speechDb > INAUDIBLE_DB) return [];
  const silences: TimeRange[] = [];
  let start: number | null = null;
  for (let frame = 0; frame <= levels.length; frame += 1) {
    const quiet = frame < levels.length && (levels[frame] as number) < thresholdDb;
    if (quiet) start ??= frame;
    else if (start !== null) {
      const range = {
        startSeconds: Math.max(0, start - growth) / FRAMES_PER_SECOND,
        endSeconds: Math.min(levels.length, frame + growth) / FRAMES_PER_SECOND,
      };
      if (range.endSeconds - range.startSeconds >= MIN_SILENCE_SECONDS) silences.push(range);
      start = null;
    }
  }
  return silences;
}

/** Returns for each frame the mean power of the frames around it, in dB. */
function meanLevels(levels: Float32Array): Float32Array {
  const sums = new Float64Array(levels.length + 1);
  for (const [frame, level] of levels.entries()) sums[frame + 1] = (sums[frame] as number) + toPower(level);
  return levels.map((_, frame) => {
    const [from, to] = [Math.max(0, frame - BED_REACH_FRAMES), Math.min(levels.length, frame + BED_REACH_FRAMES + 1)];
    const power = ((sums[to] as number) - (sums[from] as number)) / (to - from);
    return Math.max(MIN_LEVEL_DB, 10 * Math.log10(power));
  });
}

const toPower = (db: number) => 10 ** (db / 10);

/**
 * Returns how many frames a mean comes to the threshold after speech has ended, and before it begins: as many as hold so little speech that
 * it and the bed are at the threshold together.
 */
function growthOf({ floorDb, speechDb, thresholdDb }: Loudness): number {
  const [floor, speech, threshold] = [floorDb, speechDb, thresholdDb].map(toPower) as [number, number, number];
  const share = speech > floor ? (threshold - floor) / (speech - floor) : 0.5;
  return Math.max(0, Math.round(BED_REACH_FRAMES * (1 - 2 * share)));
}
