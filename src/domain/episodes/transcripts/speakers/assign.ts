import { addSegment } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { splitWords } from '#domain/episodes/transcripts/text/clean-text.ts';
import { isNonSpeech } from '#domain/episodes/transcripts/text/non-speech.ts';
import { hasEmDash, type Label, readLabel } from './labels.ts';
import { isAnnouncement, isFullName } from './names.ts';
import { readTurnMarks } from './turn-marks.ts';

/** From this part of its turns on, a file counts as one that labels every turn; the rest are sounds and slips. */
const LABELLED_THROUGHOUT = 0.9;

/** From this part on, labels are names though none of them comes again. */
const MOSTLY_LABELLED = 0.5;

/** Reads the label of a line as the file has them. */
type LabelOf = (line: string) => Label | null;

/** Statistics of the labels of a file. */
type Evidence = {
  labelOf: LabelOf;
  isSpeaker(label: Label): boolean;
  /** Whether a turn without a label continues the speaker of the turn before. */
  speakersGoOn: boolean;
};

/**
 * Finds out who speaks, alike for all formats: whom the format names itself, or who stands before the text in labels
 * (`Name:`, `[SPEAKER_00]:`, `>> NAME:`, `(Name)`). A turn is parted where its lines change speakers. Labels stand where
 * speakers change, so that a turn without one goes on with the last, unless every turn has one. Who speaks after `>>` or a
 * dash without a name is not known. Throws InvalidTranscript where there are too many segments.
 */
export function assignSpeakers(source: readonly SourceTurn[]): SourceSegment[] {
  const marked = readTurnMarks(source);
  const turns = marked.some(({ lines }) => lines.some((line) => /^\W*>>/.test(line)))
    ? marked.map(splitAtChanges)
    : marked;
  const evidence = weighLabels(turns);
  const segments: SourceSegment[] = [];
  let speaker: string | null = null;
  for (const turn of turns) {
    for (const part of splitAtLabels(turn, evidence)) {
      const sounds = part.speaker === undefined && isNonSpeech(part.text);
      if (!sounds) speaker = part.speaker === undefined && evidence.speakersGoOn ? speaker : (part.speaker ?? null);
      addSegment(segments, { ...part, speaker: sounds ? null : speaker });
    }
  }
  return segments;
}

/** Files that mark changes of speaker with `>>` also have it inside of lines. */
function splitAtChanges(turn: SourceTurn): SourceTurn {
  return { ...turn, lines: turn.lines.flatMap((line) => line.replaceAll(' >>', '\n>>').split('\n')) };
}

/** How often a label comes that is not written as names are, in a file that has few labels. */
const AGAIN_AND_AGAIN = 3;

/**
 * A colon alone proves little ("Remember: salt last"), and in scripts without capitals any short clause looks like a name.
 * A label counts
 * - where it comes again, or is written as only speakers are;
 * - where nearly every turn begins with one, also if it comes once, as of somebody who says one thing in a call;
 * - where at least half of the turns do and none comes again, as in a cutting of a talk between two;
 * - where it is a full name, and full names come again.
 * One that is not written as names are ("omri", "Omri Levi, CEO") has to come again, and where few turns have labels again and again; a
 * single word may come once where nearly every turn has a label.
 */
function weighLabels(turns: readonly SourceTurn[]): Evidence {
  const emDashesSpeak = haveDialogues(turns);
  const labelOf = (line: string) => readLabel(line, emDashesSpeak);
  const labels = countLabels(turns, labelOf);
  const { counts, looseCounts, named } = labels;
  const shareOf = (labelled: number) => labelled / Math.max(1, turns.length - labels.silent);
  const shareOfAll = shareOf(labels.labelled + labels.looselyLabelled);
  const least = shareOfAll >= MOSTLY_LABELLED ? 2 : AGAIN_AND_AGAIN;
  const isLooseName = (name: string) =>
    (looseCounts.get(name) ?? 0) >= least || (shareOfAll >= LABELLED_THROUGHOUT && !name.includes(' '));
  const loose = turns.filter((turn) => isLoose(turn, labelOf, isLooseName)).length;
  const share = shareOf(labels.labelled + loose);
  const again = [...counts].filter(([, count]) => count > 1).map(([name]) => name);
  const throughout = share >= LABELLED_THROUGHOUT;
  const mostly = share >= MOSTLY_LABELLED && again.length === 0 && counts.size > 1;
  const fullNames = again.some(isFullName);
  const isName = (name: string) =>
    ((counts.get(name) ?? 0) > 1 && !isAnnouncement(name)) || (fullNames && isFullName(name));
  return {
    labelOf,
    isSpeaker: ({ name, certain, plausible }) => {
      if (certain || name === null) return certain;
      return plausible ? throughout || mostly || isName(name) : isLooseName(name);
    },
    speakersGoOn: !named && !throughout,
  };
}

/** The end of a sentence, with closing marks. */
const ENDS_SENTENCE = /[.!?…]["'”’״)\]]*$/;

/**
 * Whether em dashes begin what another one says, as in subtitles of dialogues: two in one turn do, or most of them come after a turn
 * that ended its sentence.
 */
function haveDialogues(turns: readonly SourceTurn[]): boolean {
  const begun = turns.flatMap(({ lines }, index) => (hasEmDash(lines[0] ?? '') ? [index] : []));
  const afterEnd = begun.filter((index) => ENDS_SENTENCE.test(turns[index - 1]?.lines.at(-1) ?? '.'));
  return afterEnd.length > begun.length / 2 || turns.some(({ lines }) => lines.filter(hasEmDash).length > 1);
}

function isLoose({ speaker, lines }: SourceTurn, labelOf: LabelOf, isLooseName: (name: string) => boolean): boolean {
  const label = speaker === null ? labelOf(lines[0] ?? '') : null;
  return label !== null && !label.plausible && label.name !== null && isLooseName(label.name);
}

/**
 * Counts how often each name comes, the turns that begin with one, and those in which nobody speaks; labels that are not plausible apart.
 */
function countLabels(turns: readonly SourceTurn[], labelOf: LabelOf) {
  const [counts, looseCounts] = [new Map<string, number>(), new Map<string, number>()];
  const count = (name: string | null, to = counts) => name !== null && to.set(name, (to.get(name) ?? 0) + 1);
  let [labelled, looselyLabelled, silent, named] = [0, 0, 0, false];
  for (const { speaker, lines } of turns) {
    const labels = speaker === null ? lines.map(labelOf) : [];
    count(speaker);
    for (const label of labels) if (label) count(label.name, label.plausible ? counts : looseCounts);
    if (speaker !== null) named = true;
    if (speaker !== null || labels[0]?.plausible) labelled += 1;
    else if (labels[0]) looselyLabelled += 1;
    else if (lines.every(isNonSpeech)) silent += 1;
  }
  return { counts, looseCounts, labelled, looselyLabelled, silent, named };
}

/** A piece of a turn; `speaker` is undefined where neither the format nor a label says who it is. */
type Part = Omit<SourceSegment, 'speaker'> & { speaker: string | null | undefined };

function* splitAtLabels({ lines, words, ...turn }: SourceTurn, evidence: Evidence): Generator<Part> {
  if (turn.speaker !== null) {
    yield { ...turn, text: lines.join(' '), words };
    return;
  }
  let wordsBefore = 0;
  for (const { speaker, texts, skipped, length } of groupLines(lines, evidence)) {
    const text = texts.join(' ');
    const own = words?.slice(wordsBefore + skipped, wordsBefore + length) ?? null;
    wordsBefore += length;
    yield { ...turn, speaker, text, words: own && fitWords(text, own) };
  }
}

/** Lines of one speaker: of their `length` words the first `skipped` are the label. */
type Group = { speaker: string | null | undefined; texts: string[]; skipped: number; length: number };

function groupLines(lines: readonly string[], { labelOf, isSpeaker }: Evidence): Group[] {
  const groups: Group[] = [];
  for (const line of lines) {
    const label = labelOf(line);
    const length = splitWords(line).length;
    const last = groups.at(-1);
    if (label && isSpeaker(label)) {
      const texts = label.text === '' ? [] : [label.text];
      groups.push({ speaker: label.name, texts, skipped: length - splitWords(label.text).length, length });
    } else if (last) {
      last.texts.push(line);
      last.length += length;
    } else groups.push({ speaker: undefined, texts: [line], skipped: 0, length });
  }
  return groups;
}

/** Gives words the spelling that the text has, as a label may have stood in one with the first of them. */
function fitWords(text: string, words: NonNullable<SourceSegment['words']>): SourceSegment['words'] {
  const spelled = splitWords(text);
  if (spelled.length !== words.length) return null;
  return words.map((word, index) => ({ ...word, text: spelled[index] ?? word.text }));
}
