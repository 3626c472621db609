import { parseJson } from '#adapters/exact-json.ts';
import { countRepeatedFields } from '#domain/text/repeated-fields.ts';
import { isFields } from './source/conversation.ts';

/** What a text holds: a value, or a list of the values of its lines, undefined for a line that is none. */
export type ParsedDocument = { document: unknown; repeatedFields: number };

/** Parses JSON or JSON lines; null where a text is neither. `repeatedFields` are those of which only the last in their object is there. */
export function parseDocument(text: string): ParsedDocument | null {
  const whole = JSON_LINES.test(text) ? undefined : parseValue(text);
  if (whole !== undefined) return { document: whole, repeatedFields: countRepeatedFields(text, whole) };
  return parseLines(text);
}

/** An object in the first line, and what begins another in the next one. */
const JSON_LINES = /^\s*\{.*\}[ \t]*\r?\n\s*\{/;

function parseValue(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Returns null where most lines are no objects, as those of a document that is broken. */
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

/** Whether a line begins an object that it does not end: an error for each of thousands of these takes longer than to see that. */
function isCutShort(line: string): boolean {
  const trimmed = line.trim();
  return trimmed.startsWith('{') && !trimmed.endsWith('}');
}

/** Looked at first: of a text of millions of lines each would be no JSON, and a line of its own in memory. */
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
