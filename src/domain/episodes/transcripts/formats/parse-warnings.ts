/** Something in a source that was skipped or corrected; `line` counts from 1, null if lines mean nothing (JSON). */
export type ParseWarning = { line: number | null; message: string };

/** The maximum number of warnings with a message; further ones are only counted. */
export const MAX_WARNINGS = 100;

/** Collects what a reader skips and corrects, the first MAX_WARNINGS with messages. */
export class ParseWarnings {
  readonly list: ParseWarning[] = [];
  count = 0;
  /** The number of pieces of the source that are not in the transcript. */
  passedOver = 0;

  /** Reports something that was corrected. */
  add(line: number | null, message: string): void {
    this.count += 1;
    if (this.list.length < MAX_WARNINGS) this.list.push({ line, message });
  }

  /** Reports a piece that could not be used. */
  passOver(line: number | null, message: string): void {
    this.passedOver += 1;
    this.add(line, message);
  }
}
