import { parseJson } from '#adapters/exact-json.ts';
import { countRepeatedFields } from '#domain/text/repeated-fields.ts';
import { isFields } from './source/conversation.ts';

/** The parsed value of a text, or the list of the values of its lines, in which an invalid line is undefined. */
export type ParsedDocument = { document: unknown; repeatedFields: number };

/**
 * Parses JSON or JSON lines; null if a text is neither. `repeatedFields` counts duplicate fields, of which the last of an object is kept.
 */
export function parseDocument(text: string): ParsedDocument | null {
  const whole = JSON_LINES.test(text) ? undefined : parseValue(text);
  if (whole !== undefined) return { document: whole, repeatedFields: countRepeatedFields(text, whole) };
  return parseLines(text);
}

/** An object in the first line, and the beginning of another in the next one. */
const JSON_LINES = /^\s*\{.*\}[ \t]*\r?\n\s*\{/;

function parseValue(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Returns null if most lines are not objects, as in an invalid document. */
function parseLines(text: string): ParsedDocument | null {
  if (!beginMostlyAsObjects(text)) return null;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let repeatedFields = 0;
  const values = lines.map((line) => {
    const value = isCutShort(line) ? undefined : parseValue(line);
    if (value !== undefined) repeatedFields += countRepeatedFields(line, value);
    return value;
  });
  const objects = values.filter(isFields).length;
  const areLines = objects > lines.length / 2 || lines.every((line) => line.startsWith('{'));
  return objects > 0 && areLines ? { document: values, repeatedFields } : null;
}

/** Whether a line begins an object and does not end it. Checked first, because creating thousands of syntax errors is slow. */
function isCutShort(line: string): boolean {
  const trimmed = line.trim();
  return trimmed.startsWith('{') && !trimmed.endsWith('}');
}

/** Whether most lines begin with a brace. Checked before splitting, because millions of lines would each take memory. */
function beginMostlyAsObjects(text: string): boolean {
  let [lines, objects] = [0, 0];
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    let at = start;
    while (at < end && text.charCodeAt(at) <= SPACE) at += 1;
    if (at < end) lines += 1;
    if (text[at] === '{' && at < end) objects += 1;
    start = end + 1;
  }
  return objects > lines / 2;
}

const SPACE = 0x20;
