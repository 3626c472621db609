import { decodeHTML } from 'entities';

/** Elements that Open WebUI writes into an answer for reasoning and calls of tools. */
const DETAILS = /<details\b([^<>]*)>/g;
const DETAILS_END = /<\/details>\s*|$/g;
const ATTRIBUTE = /(?<![a-z])([a-z]+)="([^"]*)"/g;

/** Splits an answer of Open WebUI, which is one text, into parts as of other applications. */
export function toParts(content: string): object[] {
  const parts: object[] = [];
  const addText = (text: string) => {
    if (text.trim() !== '') parts.push({ type: 'text', text: text.trimEnd() });
  };
  let end = 0;
  for (const { 0: tag, 1: written = '', index } of content.matchAll(DETAILS)) {
    const read = index < end ? undefined : toDetails(readAttributes(written));
    if (!read) continue;
    addText(content.slice(end, index));
    parts.push(...read);
    DETAILS_END.lastIndex = index + tag.length;
    DETAILS_END.test(content);
    end = DETAILS_END.lastIndex;
  }
  addText(content.slice(end));
  return parts;
}

type Attributes = Record<string, string>;

const readAttributes = (written: string): Attributes =>
  Object.fromEntries(
    Array.from(written.matchAll(ATTRIBUTE), ([, name, value = '']) => [name, unquote(decodeHTML(value))]),
  );

/** Returns undefined for elements that are part of the text. */
function toDetails(attributes: Attributes): object[] | undefined {
  if (attributes.type === 'reasoning') return [{ type: 'reasoning' }];
  return attributes.type === 'tool_calls' ? toCall(attributes) : undefined;
}

function toCall({ id, name, arguments: input, result }: Attributes): object[] {
  const call = { type: 'tool_use', id, name, input };
  return result === undefined ? [call] : [call, { type: 'tool_result', tool_use_id: id, content: result }];
}

/** Values are JSON texts in JSON; ids and names are not. */
function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
