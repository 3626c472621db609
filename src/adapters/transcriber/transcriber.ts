/** A recognized word, in seconds from the start of the piece. */
export type HeardWord = { text: string; startSeconds: number; endSeconds: number; confidence: number | null };

/** A segment of speech as a transcriber returns it, in seconds from the start of the piece. */
export type HeardSegment = {
  startSeconds: number;
  endSeconds: number;
  text: string;
  /** The probability that nothing is said, 0 to 1; null if it is not reported. */
  noSpeechProbability: number | null;
  /** 0 to 1. */
  confidence: number | null;
  words: HeardWord[] | null;
};

/** The transcript of a piece: `segments` is null if the transcriber returns no times. */
export type Heard = { text: string; segments: HeardSegment[] | null };

/** Turns pieces of speech into text. */
export type Transcriber = {
  /** Its name, with the model: pieces that another transcriber has transcribed are not reused. */
  name: string;
  /** A note for people who see its transcripts; null if none is needed. */
  caveat: string | null;
  /** The only language that it recognizes; null if it recognizes any. */
  language: string | null;
  /**
   * Transcribes a piece, a WAV file on the local disk. Throws TranscriberFailed, or the signal's reason.
   */
  transcribe(wavPath: string, options: TranscriptionOptions): Promise<Heard>;
};

/** `language` is a tag of BCP 47, null where it is not known. */
export type TranscriptionOptions = { language: string | null; signal: AbortSignal };

/**
 * Why a piece has no transcript. piece: another may still have one. lasting: no piece will, before somebody mends it. passing: later all
 * may.
 */
export class TranscriberFailed extends Error {
  override name = 'TranscriberFailed';
  readonly scope: 'piece' | 'lasting' | 'passing';
  readonly retryAfterMs: number | null;

  /** The message is a sentence for the owner of the recording. */
  constructor(
    scope: TranscriberFailed['scope'],
    message: string,
    options: { retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.scope = scope;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
