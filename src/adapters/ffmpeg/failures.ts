/**
 * How a program failed. missing: there is none. refused: it said no to its input. too large: the picture has more than
 * MAX_PIXELS. out of memory, timeout: it met a limit, by which what
 * it works on is too large or made to be. no room: the disk is full. stopped: somebody else ended it, as whoever stops the service, or
 * the kernel that had no memory left; that says nothing of its input.
 */
export type ProgramFailure = 'missing' | 'refused' | 'too large' | 'out of memory' | 'timeout' | 'no room' | 'stopped';

/** A program that works on media did not do what it was asked for. The message is for the log. */
export class ProgramFailed extends Error {
  override name = 'ProgramFailed';
  readonly failure: ProgramFailure;

  constructor(program: string, failure: ProgramFailure, lastLines: readonly string[] = []) {
    super(`${program} failed (${failure}): ${lastLines.join(' | ')}`);
    this.failure = failure;
  }
}
