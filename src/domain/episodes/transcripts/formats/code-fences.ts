import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import type { ParseWarnings } from './parse-warnings.ts';

/** The fence of a code block in Markdown. */
const FENCE = /^[ \t]*(?:`{3,}|~{3,})[ \t]*[\w.+-]{0,20}[ \t]*$/;

/** What transcripts have many lines of. */
const HAS_TIME = /\d:\d\d/;

/**
 * Returns the content of the code blocks of a text, in which transcripts are pasted from chats. Text around them is skipped and reported.
 * Line numbers do not change. A text with more times outside than inside of its blocks is returned unchanged.
 */
export function openCodeFences(text: string, warnings: ParseWarnings): string {
  if (!text.includes('```') && !text.includes('~~~')) return text;
  const kept: string[] = [];
  const outside: number[] = [];
  const times = { inside: 0, outside: 0 };
  let [isInside, number, blocks] = [false, 0, 0];
  for (const line of iterateLines(text)) {
    number += 1;
    const isFence = FENCE.test(line);
    if (isFence) isInside = !isInside;
    if (isFence && isInside) blocks += 1;
    const isKept = isInside && !isFence;
    kept.push(isKept ? line : '');
    if (!isKept && !isFence && line.trim() !== '') outside.push(number);
    if (HAS_TIME.test(line)) times[isKept ? 'inside' : 'outside'] += 1;
  }
  if (blocks === 0 || times.outside > times.inside) return text;
  for (const line of outside)
    warnings.passOver(line, 'This line is outside of the block of code, and was passed over.');
  return kept.join('\n');
}
