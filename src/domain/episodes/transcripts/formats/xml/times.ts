import { parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';

/** The time of an element; null if it is missing or cannot be read. */
export type XmlTimes = { startSeconds: number | null; endSeconds: number | null };

/** The units of times without a unit. */
export type Clock = { tickRate: number; frameRate: number };

/** Reads the clock that the root of a document states. */
export function readClock(root: string): Clock {
  const nominal = Number(/frameRate=["'](\d{1,3})["']/.exec(root)?.[1] ?? 30);
  const [, numerator = 1, denominator = 1] = /frameRateMultiplier=["'](\d{1,6})[ :](\d{1,6})["']/.exec(root) ?? [];
  const frameRate = (nominal * Number(numerator)) / Number(denominator) || 30;
  return { frameRate, tickRate: Number(/tickRate=["'](\d{1,9})["']/.exec(root)?.[1]) || frameRate };
}

/** Returns null where an element has no times. `start` and `dur` are seconds, `t` and `d` milliseconds. */
export function readTimes(attributes: ReadonlyMap<string, string>, clock: Clock): XmlTimes | null {
  const read = (names: string[], unit: number) => {
    const value = names.map((name) => attributes.get(name)).find((each) => each !== undefined);
    return value === undefined ? undefined : readTime(value.trim(), unit, clock);
  };
  const unit = attributes.has('t') ? 0.001 : 1;
  const startSeconds = read(['begin', 'start', 't'], unit);
  if (startSeconds === undefined) return null;
  const end = read(['end'], unit);
  const duration = read(['dur', 'd'], unit) ?? null;
  const endSeconds = end ?? (startSeconds === null || duration === null ? null : startSeconds + duration);
  return { startSeconds, endSeconds };
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

function readTime(value: string, unit: number, { tickRate, frameRate }: Clock): number | null {
  const [, number, metric] = /^(\d{1,15}(?:\.\d{1,9})?)(h|ms|m|s|f|t)?$/.exec(value) ?? [];
  if (number === undefined) return readFrames(value, frameRate) ?? parseTimestamp(value);
  if (metric === 't') return Number(number) / tickRate;
  return metric === 'f' ? Number(number) / frameRate : Number(number) * (metric ? (UNITS[metric] as number) : unit);
}

/** Reads a clock that ends with a frame, as `00:00:01:24`. */
function readFrames(value: string, frameRate: number): number | null {
  const [, whole = '', frames] = /^(\d{1,4}:\d{1,2}:\d{1,2})[:;](\d{1,3})$/.exec(value) ?? [];
  const seconds = frames === undefined ? null : parseTimestamp(whole);
  return seconds === null ? null : seconds + Number(frames) / frameRate;
}
