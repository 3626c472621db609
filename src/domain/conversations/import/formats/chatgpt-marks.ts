import { fieldsOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { Omit } from '#domain/conversations/import/source/omissions.ts';

/** A mark in a text that ChatGPT's interface replaces: its kind and its content, between private use characters. */
const MARK = /( ?)(\uE200([^\uE200-\uE202]*)(?:\uE202([^\uE200\uE201]*))?\uE201)/gu;
/** Marks around the words that a citation refers to. */
const EDGES = /[\uE203\uE204\uE206]/gu;
/** The separator within a mark. */
const BETWEEN = '\uE202';

/**
 * Returns a text as it is displayed: with the names and links of marks, and for other marks the text in `references`. Citations are
 * removed; other displayed content is counted as skipped.
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

/** An entity is a list: its kind, its name, and what distinguishes it. */
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
