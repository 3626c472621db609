import { fieldsOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';

/** What stands in a text where ChatGPT's interface shows something else: a kind, and what it holds, between characters for private use. */
const MARK = /( ?)(\uE200([^\uE200-\uE202]*)(?:\uE202([^\uE200\uE201]*))?\uE201)/gu;
/** What stands around the words that a citation is of. */
const EDGES = /[\uE203\uE204\uE206]/gu;
/** Between what a mark holds. */
const BETWEEN = '\uE202';

/**
 * Returns a text as it is shown: the names and links that are in marks, and in place of others what `references` give as their text. Citations
 * are no part of it; what else is shown there is passed over.
 */
export function readMarks(text: string, references: unknown, omit: Omit): string {
  if (!text.includes('\uE200')) return text;
  const alternatives = new Map(fieldsOf(references).map(({ matched_text, alt }) => [matched_text, textOf(alt)]));
  const shown = text.replace(MARK, (_all, space: string, mark: string, kind: string, held = '') => {
    if (/cite$/.test(kind)) return '';
    const label = labelOf(kind, held) ?? alternatives.get(mark);
    if (label) return `${space}${label}`;
    omit(/^i$|image/.test(kind) ? 'IMAGE' : 'UNKNOWN_CONTENT', kind);
    return '';
  });
  return shown.replace(EDGES, '');
}

function labelOf(kind: string, held: string): string | null {
  const [label = '', target = ''] = held.split(BETWEEN);
  if (kind === 'entity') return nameOf(held);
  if (kind === 'url') return /^https?:/.test(target) ? `[${label}](${target})` : textOf(label);
  if (kind === 'link_title') return textOf(label);
  return kind === 'genui' ? formulaOf(held) : null;
}

/** What is known by a name is a list: its kind, its name, and what tells it apart. */
function nameOf(held: string): string | null {
  const entity = parse(held);
  if (Array.isArray(entity)) return textOf(entity[1]);
  return /^turn\d/.test(held) ? null : textOf(held);
}

/** A formula that the interface renders: { "math_block…": { "content": "a^2" } }. */
function formulaOf(held: string): string | null {
  const widget = parse(held);
  const [name, block] = isFields(widget) ? (Object.entries(widget)[0] ?? []) : [];
  const formula = name?.startsWith('math') && isFields(block) ? textOf(block.content) : null;
  return formula && `\\[${formula}\\]`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
