import { removeDirectionMarks, trimDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { isSound } from '#domain/episodes/transcripts/text/sounds.ts';
import { cleanName, isCertainName, isPlausibleName, isPossibleName } from './names.ts';

/**
 * What the beginning of a line says of its speaker: a name, or that somebody else speaks (null). `certain` is written so for
 * speakers only, as `[SPEAKER_00]:`; a name and a colon may be anything. `plausible` is written as names are; another is a name
 * only where it comes again and again, as `omri:`.
 */
export type Label = { name: string | null; certain: boolean; plausible: boolean; text: string };

/** `>>` and `-` begin a new speaker's words (CTA-608; the dialogue dash of subtitles). A minus has a digit after it. */
const CHANGE = /^(?:>{2,3}\s*|[-–‐]\s*(?=[^\s\d>–-])|—\s+(?=[^\s>—]))/;

/** An em dash and a space, which begin a new speaker's words or go on with a sentence, as before a small letter. */
const EM_DASH = /^—\s+(?=[^\s>—\p{Ll}])/u;

/** Whether a line begins as one of a dialogue may whose speakers are marked by em dashes. */
export const hasEmDash = (line: string): boolean => EM_DASH.test(trimDirectionMarks(line));

const BRACKETED = /^(?:\[([^[\]]{1,60})\]|\(([^()]{1,60})\))\s*(:?)\s*/;

/** A name and a colon, which text follows, or the next line. `"` is inside of Hebrew titles (ד"ר). */
const NAMED = /^((?:[^\s:：.,;!?"<>])(?:[^:：;!?"<>]|(?<=\p{Lo})"(?=\p{Lo})){0,59}?)\s?[:：](?:\s+(?=\S)|(?=\p{L})|$)/u;

/** What a line with a label has, looked for first: a colon near its beginning, or a mark there that is no letter. */
const MAY_HAVE_LABEL = /^(?:[^\p{L}\p{N}]|.{0,61}[:：])/su;

/**
 * Reads the label at the beginning of a line of clean text; null where it has none. `emDashesSpeak` says whether the file has
 * dialogues with em dashes. Takes bounded time.
 */
export function readLabel(line: string, emDashesSpeak: boolean): Label | null {
  if (!MAY_HAVE_LABEL.test(line)) return null;
  const bare = trimDirectionMarks(line);
  const [mark = ''] = CHANGE.exec(bare) ?? [];
  const rest = bare.slice(mark.length);
  const named = readBracketed(rest) ?? readNamed(rest);
  if (named) return mark.startsWith('>') ? { ...named, certain: true } : named;
  const isChange = mark.startsWith('—') ? emDashesSpeak && EM_DASH.test(bare) : mark !== '';
  return !isChange ? null : { name: null, certain: true, plausible: true, text: rest };
}

function readBracketed(text: string): Label | null {
  const match = BRACKETED.exec(text);
  if (!match) return null;
  const [whole, square, round, colon] = match;
  const written = removeDirectionMarks(square ?? round ?? '');
  const name = cleanName(written);
  const rest = text.slice(whole.length);
  if (name === null)
    return colon === ':' || isUnknown(written) ? { name, certain: true, plausible: true, text: rest } : null;
  const isName = isPlausibleName(name) || isCertainName(name);
  if (!isName || (colon === '' && isSound(name))) return null;
  const certain = isCertainName(name) || (colon === ':' && square !== undefined);
  return { name, certain, plausible: true, text: rest };
}

/** As whisper.cpp writes `(speaker ?)`. */
function isUnknown(written: string): boolean {
  return /^(?:unknown )?speaker(?: \?)?$/i.test(written);
}

/** A sign before or behind a name, as people have in the names of their accounts. */
const SIGNS = /^(?:[\p{So}\p{Sk} ]|\p{M}|\u200d)+|(?:[\p{So}\p{Sk} ]|\p{M}|\u200d)+$/gu;

function readNamed(text: string): Label | null {
  const match = NAMED.exec(text);
  if (!match) return null;
  const written = removeDirectionMarks(match[1] ?? '');
  const name = cleanName(written);
  const bare = written.replace(SIGNS, '');
  const certain = name === null || isCertainName(name);
  const plausible = certain || isPlausibleName(bare);
  if (!plausible && !isPossibleName(bare)) return null;
  if (name === null && !isPlausibleName(written)) return null;
  return { name, certain, plausible, text: trimDirectionMarks(text.slice(match[0].length)) };
}
