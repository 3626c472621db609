import type { Cue } from './cues.ts';
import { countLines } from './lines.ts';
import type { ParseWarnings } from './parse-warnings.ts';
import { readCueTurns } from './read-captions.ts';
import type { SourceTurn } from './source-turns.ts';
import { IMPOSSIBLE_END, isPossibleEnd, isTooLate, parseTimestamp, TOO_LATE } from './timestamps.ts';

/** What begins and ends a cue: TTML's and YouTube's <p>, YouTube's <text>, SAMI's <sync>, which the next one ends. */
const CUE_TAG = /<(\/?)(?:[a-z]{1,10}:)?(p|text|sync)(?=[\s>/])([^<>]*)>/gi;

const ATTRIBUTE = /(?:[a-z]{1,10}:)?([a-z]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** How times are counted where they have no unit that says so. */
type Clock = { tickRate: number; frameRate: number };

/** Reads captions in XML: TTML (DFXP), what YouTube serves as timedtext, and SAMI. */
export function readXml(content: string, warnings: ParseWarnings): SourceTurn[] {
  return readCueTurns(readElements(content, warnings), () => true);
}

function* readElements(content: string, warnings: ParseWarnings): Generator<Cue> {
  const root = content.slice(0, 5000);
  const frameRate = Number(/frameRate="(\d{1,3})"/.exec(root)?.[1] ?? 30);
  const clock = { frameRate, tickRate: Number(/tickRate="(\d{1,9})"/.exec(root)?.[1] ?? frameRate) };
  let open: { cue: Cue; from: number } | null = null;
  let [line, counted] = [1, 0];
  for (const { 0: tag, 1: closing, 2: name = '', 3: written = '', index } of content.matchAll(CUE_TAG)) {
    const isSync = name.toLowerCase() === 'sync';
    const attributes = closing ? new Map<string, string>() : readAttributes(written);
    const times = closing ? null : readTimes(attributes, isSync, clock);
    if (open && (closing || times)) {
      if (isSync) open.cue.endSeconds = times?.startSeconds ?? null;
      yield withText(open.cue, content.slice(open.from, index));
      open = null;
    }
    if (!times || written.endsWith('/')) continue;
    line += countLines(content.slice(counted, index)) - 1;
    counted = index;
    const cue = toCue(times, line, warnings);
    if (cue) open = { cue, from: index + tag.length };
  }
  if (open) yield withText(open.cue, content.slice(open.from));
}

/** Line ends of the source are white space; tags of lines are its own. */
const withText = (cue: Cue, text: string): Cue => ({
  ...cue,
  lines: [text.replace(/\s+/g, ' ').replace(/<(?:[a-z]{1,10}:)?br\s*\/?>/gi, '<br>')],
});

function readAttributes(written: string): Map<string, string> {
  return new Map(
    Array.from(written.matchAll(ATTRIBUTE), ([, name = '', ...values]) => [
      name.toLowerCase(),
      values.find((value) => value !== undefined) ?? '',
    ]),
  );
}

type Times = { startSeconds: number | null; endSeconds: number | null };

/** Returns null where an element has no times. `start` and `dur` are seconds, `t` and `d` and those of SAMI milliseconds. */
function readTimes(attributes: ReadonlyMap<string, string>, isSync: boolean, clock: Clock): Times | null {
  const read = (names: string[], unit: number) => {
    const value = names.map((name) => attributes.get(name)).find((each) => each !== undefined);
    return value === undefined ? undefined : readTime(value.trim(), unit, clock);
  };
  const inMs = isSync || attributes.has('t') ? 0.001 : 1;
  const startSeconds = read(['begin', 'start', 't'], inMs);
  if (startSeconds === undefined) return null;
  const end = read(['end'], inMs);
  const duration = read(['dur', 'd'], inMs) ?? null;
  const endSeconds = end ?? (startSeconds === null || duration === null ? null : startSeconds + duration);
  return { startSeconds, endSeconds };
}

const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

function readTime(value: string, unit: number, { tickRate, frameRate }: Clock): number | null {
  const [, number, metric] = /^(\d{1,15}(?:\.\d{1,9})?)(h|ms|m|s|f|t)?$/.exec(value) ?? [];
  if (number === undefined) return parseTimestamp(value);
  if (metric === 't') return Number(number) / tickRate;
  return metric === 'f' ? Number(number) / frameRate : Number(number) * (metric ? (UNITS[metric] as number) : unit);
}

function toCue({ startSeconds, endSeconds }: Times, line: number, warnings: ParseWarnings): Cue | null {
  if (startSeconds === null || isTooLate(startSeconds)) {
    warnings.passOver(
      line,
      startSeconds === null
        ? 'The times of this caption cannot be read: it was passed over.'
        : `This caption was passed over: it ${TOO_LATE}`,
    );
    return null;
  }
  const isEnd = endSeconds === null || isPossibleEnd(startSeconds, endSeconds);
  if (!isEnd) warnings.add(line, `This caption ${IMPOSSIBLE_END}`);
  return { startSeconds, endSeconds: isEnd ? endSeconds : null, lines: [] };
}
