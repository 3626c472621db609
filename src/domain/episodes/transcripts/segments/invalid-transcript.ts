/**
 * Says that a transcript cannot be used. The message is a sentence for its owner that says what is allowed; `line` is
 * the line of the source (from 1) that it is about, where there is one.
 */
export class InvalidTranscript extends Error {
  override name = 'InvalidTranscript';
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.line = line;
  }
}
