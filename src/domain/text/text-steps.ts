import type { TextStep } from './text-stream.ts';

/**
 * Makes a text that PostgreSQL can hold: without NUL, each half of a surrogate pair joined to its other or replaced by U+FFFD.
 */
export function sanitizeText(): TextStep {
  let half = '';
  return {
    push(piece) {
      const text = half + piece.replaceAll('\0', '');
      half = /[\uD800-\uDBFF]$/.exec(text)?.[0] ?? '';
      return text.slice(0, text.length - half.length).toWellFormed();
    },
    flush: () => half.toWellFormed(),
  };
}

/** Ends a text that is longer than `max` UTF-16 units with an error, before the piece that makes it so. */
export function limitText(max: number, createError: () => Error): TextStep {
  let length = 0;
  return {
    push(piece) {
      length += piece.length;
      if (length > max) throw createError();
      return piece;
    },
    flush: () => '',
  };
}

/** Leaves the text as it is, and keeps what has passed of it. */
export function collectText(): TextStep & { collected(): string } {
  let text = '';
  return {
    push(piece) {
      text += piece;
      return piece;
    },
    flush: () => '',
    collected: () => text,
  };
}
