/** One word as it was heard, in seconds from the start of the piece. */
export type HeardWord = { text: string; startSeconds: number; endSeconds: number; confidence: number | null };

/** A stretch of speech as a transcriber returns it, in seconds from the start of the piece. */
export type HeardSegment = {
  startSeconds: number;
  endSeconds: number;
  text: string;
  /** How likely it is that nothing is said, 0 to 1; null where it does not say. */
  noSpeechProbability: number | null;
  /** 0 to 1. */
  confidence: number | null;
  words: HeardWord[] | null;
};

/** What was heard in a piece: `segments` is null where the transcriber gives no times. */
export type Heard = { text: string; segments: HeardSegment[] | null };

/** Turns pieces of speech into text. */
export type Transcriber = {
  /** What it is called, with the model: pieces that another one has heard are not taken for its own. */
  name: string;
  /** What people are told where its work is shown; null where nothing has to be said. */
  caveat: string | null;
  /** The language that it can only hear; null where it hears any. */
  language: string | null;
  /**
   * Transcribes a piece, a WAV file on the local disk. Throws TranscriberFailed, or the signal's reason.
   */
  transcribe(wavPath: string, options: TranscriptionOptions): Promise<Heard>;
};

/** `language` is a tag of BCP 47, null where it is not known. */
export type TranscriptionOptions = { language: string | null; signal: AbortSignal };

/** Why a piece has no transcript. piece: another may still have one. lasting: no piece will, before somebody mends it. passing: later all may. */
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
