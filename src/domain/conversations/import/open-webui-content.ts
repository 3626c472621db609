import { decodeHTML } from 'entities';

/** What Open WebUI writes into the text of an answer for what its model did before and between. */
const DETAILS = /<details\b([^>]*\btype="(reasoning|tool_calls)"[^>]*)>[\s\S]*?(?:<\/details>\s*|$)/g;
const ATTRIBUTE = /([a-z]+)="([^"]*)"/g;

/** Splits an answer as Open WebUI keeps it, in one text, into parts as other applications have them. */
export function toParts(content: string): object[] {
  const parts: object[] = [];
  const addText = (text: string) => {
    if (text.trim() !== '') parts.push({ type: 'text', text: text.trimEnd() });
  };
  let end = 0;
  for (const { 0: whole, 1: written = '', 2: type, index } of content.matchAll(DETAILS)) {
    addText(content.slice(end, index));
    end = index + whole.length;
    parts.push(...(type === 'reasoning' ? [{ type }] : toCall(written)));
  }
  addText(content.slice(end));
  return parts;
}

function toCall(written: string): object[] {
  const attributes = Object.fromEntries(
    Array.from(written.matchAll(ATTRIBUTE), ([, name, value = '']) => [name, unquote(decodeHTML(value))]),
  );
  const { id, name, arguments: input, result } = attributes;
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
