/** A text in pieces as they arrive, which returns its end value when it is complete. */
export type TextStream<End> = AsyncGenerator<string, End>;

/**
 * A transformation of a text that arrives in pieces, independent of streams: what it returns is passed on, what it throws ends the stream.
 */
export type TextStep = {
  /** Takes the next piece, split anywhere, and returns what can be passed on by now; '' if nothing can. */
  push(piece: string): string;
  /** Returns the rest, once, at the end of the text. */
  flush(): string;
};

/**
 * Pipes a text through steps. Every piece is passed on at once unless it is empty, and the return value is the source's. The source is
 * closed when the consumer stops, and when a step throws.
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

/** Pipes a whole text, or the rest of one, through steps. */
export function transformWhole(text: string, ...steps: readonly TextStep[]): string {
  return steps.reduce((rest, step) => step.push(rest) + step.flush(), text);
}
