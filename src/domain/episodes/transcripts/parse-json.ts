import { InvalidTranscript } from './invalid-transcript.ts';
import { countLines } from './lines.ts';

/** A string, which stays as it is, or a number that JSON has not, and Python writes. */
const STRING_OR_NO_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/** Parses JSON, also with NaN and Infinity, which become null. Throws InvalidTranscript where it is none. */
export function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    const mended = content.replace(STRING_OR_NO_NUMBER, (token) => (token.startsWith('"') ? token : 'null'));
    if (mended !== content) return parseJson(mended);
    const lines = parseLines(content);
    if (lines) return lines;
    const detail = error instanceof Error ? error.message : '';
    throw new InvalidTranscript(
      'This is not valid JSON; send it as the transcriber wrote it.',
      findErrorLine(detail, content),
    );
  }
}

/** Parses JSON lines, each a segment; null where they are none. */
function parseLines(content: string): unknown[] | null {
  if (!/^\s*\{[^\r\n]*\}[ \t]*\r?\n\s*\{/.test(content)) return null;
  try {
    return content.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)]));
  } catch {
    return null;
  }
}

/** The line that V8 names in most syntax errors; the last one where it only says that the text ends too early. */
function findErrorLine(syntaxError: string, content: string): number | null {
  const named = /line (\d+)/.exec(syntaxError)?.[1];
  if (named !== undefined) return Number(named);
  return syntaxError.includes('end of JSON') ? countLines(content) : null;
}
