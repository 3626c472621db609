/** Something in a source that was passed over or put right; `line` counts from 1, null where lines say nothing (JSON). */
export type ParseWarning = { line: number | null; message: string };

/** Warnings that are kept in words; those after them are counted. */
export const MAX_WARNINGS = 100;

/** Collects what a reader passes over and puts right, the first MAX_WARNINGS of it in words. */
export class ParseWarnings {
  readonly list: ParseWarning[] = [];
  count = 0;
  /** Pieces of the source that are not in the transcript. */
  passedOver = 0;

  /** Tells of something that was put right. */
  add(line: number | null, message: string): void {
    this.count += 1;
    if (this.list.length < MAX_WARNINGS) this.list.push({ line, message });
  }

  /** Tells of a piece that could not be used. */
  passOver(line: number | null, message: string): void {
    this.passedOver += 1;
    this.add(line, message);
  }
}
