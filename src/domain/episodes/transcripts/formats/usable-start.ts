import { isTooLate, TOO_LATE } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { ParseWarnings } from './parse-warnings.ts';

/** A piece of a source: its line, what warnings call it, such as `row`, and the warning if its start cannot be read. */
type Piece = { line: number; name: string; unreadable: string };

/** Whether a piece has a start that can be used. If it has none, the piece is reported as passed over. */
export function isUsableStart(
  startSeconds: number | null,
  { line, name, unreadable }: Piece,
  warnings: ParseWarnings,
): startSeconds is number {
  if (startSeconds !== null && !isTooLate(startSeconds)) return true;
  warnings.passOver(line, startSeconds === null ? unreadable : `This ${name} was passed over: it ${TOO_LATE}`);
  return false;
}
