import type { Cue } from './cues.ts';

/** A part of a cue that one person says; `speaker` is null where the cue does not name them. */
type LabelledTurn = { speaker: string | null; text: string };

/** Characters of a name: what is longer is a clause before a colon. */
const MAX_LABEL_CHARACTERS = 40;

/** Words of a name, as of "Dr. Maria de Souza". */
const MAX_LABEL_WORDS = 4;

/** A label at the beginning of a line that has text after it, of at most MAX_LABEL_CHARACTERS. */
const LABEL = /^([^\s:.,;!?"<>][^:,;!?"<>]{0,39}?)\s?:\s+(?=\S)/;

/** A word of a name: a capital, or a letter of a script without capitals (Hebrew), or, after those, a number. */
const NAME_WORD = /^(?:[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}.'’׳״_-]*|#?\d{1,3})$/u;

/** Small words inside of names, in European and Arabic ones; "Ann and Bob" is a label too. */
const NAME_PARTICLES = new Set(['de', 'van', 'von', 'der', 'den', 'da', 'di', 'la', 'le', 'bin', 'ben', 'al', 'and']);

/** First words of what stands before a colon in ordinary speech and captions. */
const NOT_NAMES = new Set(
  `note tip warning example question answer fact step chapter part section first second third next finally so now and
  but well ok okay yes no remember reminder update source sources also plus caution summary translation subtitles
  הערה שאלה תשובה דוגמה למשל כלומר לסיכום אז`.split(/\s+/),
);

/** Splits the lines of one cue into turns, at the lines that begin with a speaker's label. */
export type SplitTurns = (cueLines: readonly string[]) => LabelledTurn[];

/**
 * Detects who speaks in lines such as `Sarah: Creating good audio …`. A colon alone proves little ("Remember: …"), so a
 * file's labels count only when it plainly uses them: its first line has one, or one of them comes twice. In scripts
 * without capitals any short clause looks like a name; there a label must come twice itself, or be in the first line.
 * Returns what splits a cue of the same file by them.
 */
export function detectSpeakerLabels(cues: readonly Pick<Cue, 'lines'>[]): SplitTurns {
  const counts = new Map<string, number>();
  for (const { lines } of cues) {
    for (const line of lines) {
      const label = readLabel(line);
      if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  const firstLabel = readLabel(cues[0]?.lines[0] ?? '');
  const used = firstLabel !== null || [...counts.values()].some((count) => count > 1);
  const isSpeaker = (label: string) =>
    used && (label === firstLabel || (counts.get(label) ?? 0) > 1 || /^[\p{Lu}\p{Lt}]/u.test(label));
  return (cueLines) => splitTurns(cueLines, isSpeaker);
}

function splitTurns(lines: readonly string[], isSpeaker: (label: string) => boolean): LabelledTurn[] {
  const turns: { speaker: string | null; lines: string[] }[] = [];
  for (const line of lines) {
    const label = readLabel(line);
    const last = turns.at(-1);
    if (label !== null && isSpeaker(label)) turns.push({ speaker: label, lines: [line.replace(LABEL, '')] });
    else if (last) last.lines.push(line);
    else turns.push({ speaker: null, lines: [line] });
  }
  return turns.map((turn) => ({ speaker: turn.speaker, text: turn.lines.join(' ') }));
}

function readLabel(line: string): string | null {
  const label = LABEL.exec(line)?.[1];
  return label !== undefined && isPlausibleName(label) ? label : null;
}

/** Whether a name can stand before a colon in SRT and be read back as a speaker. */
export function isPlausibleName(name: string): boolean {
  const words = name.split(' ');
  if (
    name.length > MAX_LABEL_CHARACTERS ||
    words.length > MAX_LABEL_WORDS ||
    NOT_NAMES.has((words[0] ?? '').toLowerCase())
  )
    return false;
  return /^\p{L}/u.test(name) && words.every((word) => NAME_WORD.test(word) || NAME_PARTICLES.has(word));
}
