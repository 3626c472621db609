/**
 * How a program failed. missing: it is not installed. refused: it rejected its input. too large: the picture has more than MAX_PIXELS.
 * out of memory, timeout: it hit a limit, because its input is too large, or made to be. no room: the disk is full. stopped: something
 * else ended it, such as a stop of the service, or the kernel when it ran out of memory; that says nothing about its input.
 */
export type ProgramFailure = 'missing' | 'refused' | 'too large' | 'out of memory' | 'timeout' | 'no room' | 'stopped';

/** A media program failed. The message is for the log. */
export class ProgramFailed extends Error {
  override name = 'ProgramFailed';
  readonly failure: ProgramFailure;

  constructor(program: string, failure: ProgramFailure, lastLines: readonly string[] = []) {
    super(`${program} failed (${failure}): ${lastLines.join(' | ')}`);
    this.failure = failure;
  }
}
