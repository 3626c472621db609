import type { TimeRange } from '#domain/episodes/transcripts/segments.ts';
import { FRAMES_PER_SECOND, type MeasuredSound, MIN_LEVEL_DB } from './measure-sound.ts';

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
 * second or longer. None where these cannot be told apart.
 */
export function findSilences(sound: Pick<MeasuredSound, 'levels'>): TimeRange[] {
  const { floorDb, speechDb, thresholdDb } = measureLoudness(sound);
  if (speechDb - floorDb < MIN_RANGE_DB && speechDb > INAUDIBLE_DB) return [];
  const silences: TimeRange[] = [];
  let start: number | null = null;
  for (let frame = 0; frame <= sound.levels.length; frame += 1) {
    const quiet = frame < sound.levels.length && (sound.levels[frame] as number) < thresholdDb;
    if (quiet) start ??= frame;
    else if (start !== null) {
      const range = { startSeconds: start / FRAMES_PER_SECOND, endSeconds: frame / FRAMES_PER_SECOND };
      if (range.endSeconds - range.startSeconds >= MIN_SILENCE_SECONDS) silences.push(range);
      start = null;
    }
  }
  return silences;
}
