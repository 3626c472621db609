import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';

/** A change of speakers, which whisper.cpp writes with a model of tinydiarize. */
const MARK = /\[SPEAKER[_ ]TURN\]/;
const MARKS = / ?\[SPEAKER[_ ]TURN\] ?/g;

/** Reads marks of a change of speakers as `>>` before what follows them, in the same line or another. Words of their own are taken out. */
export function readTurnMarks(turns: readonly SourceTurn[]): readonly SourceTurn[] {
  if (!turns.some(({ lines }) => lines.some((line) => MARK.test(line)))) return turns;
  let isChange = false;
  return turns.map((turn) => {
    const lines: string[] = [];
    for (const line of turn.lines) {
      const [first = '', ...others] = line.replace(MARKS, '\n').split('\n');
      for (const [index, text] of [first, ...others].entries()) {
        isChange ||= index > 0;
        if (text === '') continue;
        lines.push(isChange && turn.words === null ? `>> ${text}` : text);
        isChange = false;
      }
    }
    return { ...turn, lines, words: turn.words?.filter(({ text }) => !MARK.test(text)) ?? null };
  });
}
