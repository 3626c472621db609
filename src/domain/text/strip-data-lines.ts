import { DATA_BEGINS, DATA_ENDS } from './data-block.ts';
import type { TextStep } from './text-stream.ts';

const LINES = [DATA_BEGINS, DATA_ENDS];
const ANY_LINE = new RegExp(LINES.join('|'), 'g');

/** Removes the delimiter lines of data blocks, in case a model repeats them. What may become one is held back until that is clear. */
export function stripDataLines(): TextStep {
  let held = '';
  return {
    push(piece) {
      const text = held + piece;
      const clear = findBeginningAtEnd(text);
      held = text.slice(clear);
      return text.slice(0, clear).replace(ANY_LINE, '');
    },
    flush: () => held.replace(ANY_LINE, ''),
  };
}

/**
 * Returns the index from which the end of a text may be the beginning of a delimiter. Each of them has a single `<`, as its first
 * character.
 */
function findBeginningAtEnd(text: string): number {
  const from = text.lastIndexOf('<');
  return from !== -1 && LINES.some((line) => line.startsWith(text.slice(from))) ? from : text.length;
}
