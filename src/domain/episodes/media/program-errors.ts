import { ProgramFailed, type ProgramFailure } from '#adapters/ffmpeg/failures.ts';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { FFMPEG_MISSING } from '#adapters/ffmpeg/missing.ts';
import { type DomainError, LongOutage, NotSetUp, Unavailable, UnsupportedMedia } from '#domain/core/errors.ts';

/** Throws NotSetUp where ffmpeg is missing. */
export function assertInstalled(ffmpeg: Ffmpeg): void {
  if (!ffmpeg.isInstalled()) throw new NotSetUp(FFMPEG_MISSING);
}

/** What the owner of a picture reads that has more pixels than are decoded. */
export const TOO_LARGE = 'The picture of this video cannot be read, or has more than 4096×4096 pixels; export it anew.';

/** What a program's failure means for the owner of the file that it works on; `refused` is what to say where it says no. */
export function explainFailure(error: unknown, refused: string): unknown {
  if (!(error instanceof ProgramFailed)) return error;
  const explanations: Record<ProgramFailure, () => DomainError> = {
    missing: () => new NotSetUp(FFMPEG_MISSING),
    refused: () => new UnsupportedMedia(refused),
    'too large': () => new UnsupportedMedia(TOO_LARGE),
    'out of memory': () =>
      new UnsupportedMedia(
        'Reading this file takes more memory than a file may; export it again with a smaller picture.',
      ),
    timeout: () => new UnsupportedMedia('Reading this file takes longer than a file may; export it again, or shorter.'),
    'no room': () => new LongOutage('The server has no room left for this at the moment; it is tried again later.'),
    stopped: () =>
      new Unavailable(
        'The program that worked on this file was ended in the middle, perhaps for want of memory; try again later.',
      ),
  };
  return explanations[error.failure]();
}
