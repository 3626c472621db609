import type { TextStep } from './text-stream.ts';

/**
 * Makes a text storable in PostgreSQL: removes NUL, joins surrogate pairs that were split between pieces, and replaces lone surrogates by
 * U+FFFD.
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

/** Throws an error when a text exceeds `max` UTF-16 units, before it passes on the piece that exceeds them. */
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

/** Passes the text on unchanged, and keeps a copy. */
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
