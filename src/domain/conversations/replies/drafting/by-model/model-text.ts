import { DATA_BEGINS, DATA_ENDS } from '#domain/text/data-block.ts';

const LINES = [DATA_BEGINS, DATA_ENDS];

/** The text without the lines that frame data, should a model repeat them. What may become one is held back until it is clear. */
export async function* withoutDataLines<End>(pieces: AsyncGenerator<string, End>): AsyncGenerator<string, End> {
  let held = '';
  try {
    for (;;) {
      const step = await pieces.next();
      const text = LINES.reduce((rest, line) => rest.replaceAll(line, ''), held + (step.done ? '' : step.value));
      const clear = step.done ? text.length : text.length - beginningAtEnd(text);
      held = text.slice(clear);
      if (clear > 0) yield text.slice(0, clear);
      if (step.done) return step.value;
    }
  } finally {
    await pieces.return(undefined as never);
  }
}

/** How much of the end of a text may be the beginning of such a line. */
function beginningAtEnd(text: string): number {
  const from = text.lastIndexOf('<');
  const end = from === -1 ? '' : text.slice(from);
  return LINES.some((line) => line.startsWith(end)) ? end.length : 0;
}
