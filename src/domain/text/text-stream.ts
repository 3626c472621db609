/** A text in pieces, as they come, and what is known when it has ended. */
export type TextStream<End> = AsyncGenerator<string, End>;

/**
 * One change of a text that comes in pieces. It knows nothing of streams: what it returns goes on, what it throws ends the
 * stream.
 */
export type TextStep = {
  /** Takes the next piece, cut anywhere, and returns what is clear by now: '' where that is nothing. */
  push(piece: string): string;
  /** Returns the rest, once, when the text has ended. */
  flush(): string;
};

/**
 * Sends a text through steps, one after the other: every piece goes on at once, empty ones do not, and the end is the
 * source's. The source is closed when the reader leaves and when a step throws.
 */
export async function* transformText<End>(source: TextStream<End>, ...steps: readonly TextStep[]): TextStream<End> {
  await using pieces = source;
  for (;;) {
    const { done, value } = await pieces.next();
    const text = done ? transformWhole('', ...steps) : steps.reduce((piece, step) => step.push(piece), value);
    if (text) yield text;
    if (done) return value;
  }
}

/** Sends the rest of a text, or all of it, through steps. */
export function transformWhole(text: string, ...steps: readonly TextStep[]): string {
  return steps.reduce((rest, step) => step.push(rest) + step.flush(), text);
}
