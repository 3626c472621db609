import { MAX_TAGS } from '#domain/memories/tags.ts';
import { MAX_NOTES_LENGTH } from '#domain/sales/lead-columns.ts';
import type { Lead } from '#generated/prisma/client.ts';
import type { LeadRow, RowError } from './read-row.ts';

/** What a row adds to the lead that has its number, and what of it the lead has no room for. */
export type Merge = { data: Partial<Lead>; errors: RowError[] };

/** The fields that are only filled if the lead has none. */
const FILLED = ['email', 'company', 'timeZone', 'source'] as const;

/**
 * Returns what a row adds to a lead. What the lead has is kept: only empty fields are filled, new tags are added, and notes that the lead
 * does not have yet are appended. The status changes from NEW only, or to DO_NOT_CALL. Evidence is replaced by later evidence, as
 * consents and registry checks are renewed. Merging the same row again adds nothing.
 */
export function mergeRow(lead: Lead, { line, status, columns }: LeadRow): Merge {
  const filled = FILLED.flatMap((name) => (lead[name] === null && columns[name] ? [[name, columns[name]]] : []));
  const wanted = [...new Set([...lead.tags, ...(columns.tags ?? [])])];
  const tags = wanted.slice(0, MAX_TAGS);
  const notes = addNotes(lead.notes, columns.notes ?? null);
  const changesStatus =
    status !== null && status !== lead.status && (lead.status === 'NEW' || status === 'DO_NOT_CALL');
  const data: Partial<Lead> = {
    ...Object.fromEntries(filled),
    ...(tags.length > lead.tags.length ? { tags } : {}),
    ...(notes !== lead.notes && fits(notes) ? { notes } : {}),
    ...(changesStatus ? { status } : {}),
    ...renewed(lead, columns, 'consentAt', 'consentReference'),
    ...renewed(lead, columns, 'registryCheckedAt', 'registryReference'),
  };
  const errors = [
    ...(wanted.length > MAX_TAGS ? [{ row: line, field: 'tags', message: TOO_MANY_TAGS }] : []),
    ...(fits(notes) ? [] : [{ row: line, field: 'notes', message: NOTES_TOO_LONG }]),
  ];
  return { data, errors };
}

/** Appends notes as lines of their own, unless the lead has these lines. */
function addNotes(present: string | null, more: string | null): string | null {
  if (present === null || more === null) return present ?? more;
  return toLines(present).includes(toLines(more)) ? present : `${present}\n${more}`;
}

/** A text as an export and an import leave it: without the spaces around its lines, each of which ends with a line feed. */
const toLines = (text: string): string =>
  `\n${text
    .trim()
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .join('\n')}\n`;

const fits = (notes: string | null): boolean => (notes?.length ?? 0) <= MAX_NOTES_LENGTH;

type Evidence = ['consentAt', 'consentReference'] | ['registryCheckedAt', 'registryReference'];

/** Returns later evidence with its reference, or the reference that the same evidence lacks. */
function renewed(lead: Lead, row: LeadRow['columns'], ...[at, reference]: Evidence): Partial<Lead> {
  const [date, text] = [row[at] ?? null, row[reference] ?? null];
  const isLater = date !== null && (lead[at] === null || date > lead[at]);
  const isSame = date === null || date.getTime() === lead[at]?.getTime();
  const completes = text !== null && (isLater || (isSame && lead[reference] === null)) && text !== lead[reference];
  return { ...(isLater ? { [at]: date } : {}), ...(completes ? { [reference]: text } : {}) };
}

const TOO_MANY_TAGS = `A lead has at most ${MAX_TAGS} tags: the last of these were not added. Remove some from the lead.`;
const NOTES_TOO_LONG = `Notes have at most ${MAX_NOTES_LENGTH} characters: these were not added. Shorten those of the lead.`;
