import { DATA_BEGINS, DATA_ENDS } from './data-block.ts';
import type { TextStep } from './text-stream.ts';

const LINES = [DATA_BEGINS, DATA_ENDS];
const ANY_LINE = new RegExp(LINES.join('|'), 'g');

/** Removes the lines that frame data, should a model repeat them. What may become one is held back until it is clear. */
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

/** Where the end of a text begins that may be the beginning of such a line, or one: no line has a `<` but its first sign. */
function findBeginningAtEnd(text: string): number {
  const from = text.lastIndexOf('<');
  return from !== -1 && LINES.some((line) => line.startsWith(text.slice(from))) ? from : text.length;
}
