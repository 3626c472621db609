import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { countLines } from '#domain/episodes/transcripts/text/lines.ts';

/** What is escaped in a string, what begins or ends one, or a number that JSON has not, and Python writes. */
const QUOTE_OR_NO_NUMBER = /\\[\s\S]|"|-?\b(?:NaN|Infinity)\b/g;

/** Parses JSON, also with NaN and Infinity, which become null. Throws InvalidTranscript where it is none. */
export function parseJson(content: string): unknown {
  assertShallow(content);
  try {
    return JSON.parse(content);
  } catch (error) {
    const mended = replaceNoNumbers(content);
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

/** Levels of lists and objects: of millions V8 takes more memory than a thread has. */
const MAX_LEVELS = 50_000;

function assertShallow(content: string): void {
  let [levels, isString] = [0, false];
  for (let at = 0; at < content.length; at += 1) {
    const character = content[at];
    if (character === '"') isString = !isString;
    else if (isString) at += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') levels += 1;
    else if (character === ']' || character === '}') levels -= 1;
    if (levels > MAX_LEVELS)
      throw new InvalidTranscript(
        `This JSON has more than ${MAX_LEVELS} levels; send it as the transcriber wrote it.`,
        1,
      );
  }
}

/** Returns JSON with null for NaN and Infinity, which stay in strings. A pattern of whole strings overflows at millions of escapes. */
function replaceNoNumbers(content: string): string {
  let isString = false;
  return content.replace(QUOTE_OR_NO_NUMBER, (token) => {
    if (token === '"') isString = !isString;
    return isString || token === '"' || token.startsWith('\\') ? token : 'null';
  });
}

/** Parses JSON lines, each a segment; null if the text has another form. */
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
