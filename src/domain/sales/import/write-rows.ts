import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { visitInSlices } from '#domain/core/time-slices.ts';
import type { Write } from '#domain/core/write.ts';
import { findDoNotCall, recordDoNotCall } from '#domain/sales/do-not-call.ts';
import { INSERTED_COLUMNS, UPDATED_COLUMNS } from '#domain/sales/lead-table.ts';
import type { Lead } from '#generated/prisma/client.ts';
import { mergeRow } from './merge-row.ts';
import type { LeadRow, RowError } from './read-row.ts';

/** How many rows have created a lead, added something to one, or found one that had all of it. */
export type RowCounts = { created: number; merged: number; unchanged: number };

/** The results of writing rows; `refusals` are the numbers whose rows newly ask for no calls. */
type WrittenRows = RowCounts & { errors: RowError[]; refusals: string[] };

/** The defaults of a new lead whose row lacks these values. */
export type LeadDefaults = { language: string; timeZone: string | null };

type Change = Pick<Write, 'tx' | 'changed'>;

/**
 * Creates the leads of rows, in which each number occurs once, or merges them into the existing leads with these numbers (merge-row.ts).
 * Numbers that asked not to be called stay DO_NOT_CALL, and rows that say otherwise are reported. After the commit, call `cancelCallsTo`
 * with the refusals.
 */
export async function writeRows(
  change: Change,
  deps: Deps,
  rows: readonly LeadRow[],
  defaults: LeadDefaults,
): Promise<WrittenRows> {
  const { tx } = change;
  const ownerId = deps.actor.userId;
  const phones = rows.map(({ phone }) => phone);
  await tx.$queryRaw`SELECT id FROM leads WHERE owner_id = ${ownerId}::uuid AND phone = ANY(${phones}) ORDER BY id FOR UPDATE`;
  const leads = new Map(
    (await tx.lead.findMany({ where: { ownerId, phone: { in: phones } } })).map((lead) => [lead.phone, lead]),
  );
  const refused = await findDoNotCall(tx, deps, ownerId, phones);
  const isRefused = ({ phone }: LeadRow) => refused.has(phone);
  const ruled = rows.map((row) => (isRefused(row) ? { ...row, status: 'DO_NOT_CALL' as const } : row));
  const found = ruled.flatMap((row) => {
    const lead = leads.get(row.phone);
    return lead ? [{ lead, row }] : [];
  });
  const errors = rows.filter((row) => isRefused(row) && row.status !== 'DO_NOT_CALL').map(toRefusal);
  const merged = await mergeRows(change, found, { now: deps.now(), errors });
  const fresh = ruled.filter(({ phone }) => !leads.has(phone));
  const missed = await insertLeads(change, ownerId, fresh, { ...defaults, now: deps.now() });
  const refusals = ruled.filter((row) => row.status === 'DO_NOT_CALL' && !isRefused(row)).map(({ phone }) => phone);
  if (refusals.length > 0) await recordDoNotCall(tx, deps, ownerId, ...refusals);
  const created = fresh.length - missed.length;
  const written = { created, merged, unchanged: found.length - merged, errors, refusals };
  if (missed.length === 0) return written;
  // Concurrent transactions have created leads with these numbers: now their rows can be merged.
  return sum(written, await writeRows(change, deps, missed, defaults));
}

const sum = (a: WrittenRows, b: WrittenRows): WrittenRows => ({
  ...addCounts(a, b),
  errors: [...a.errors, ...b.errors],
  refusals: [...a.refusals, ...b.refusals],
});

export const addCounts = (a: RowCounts, b: RowCounts): RowCounts => ({
  created: a.created + b.created,
  merged: a.merged + b.merged,
  unchanged: a.unchanged + b.unchanged,
});

/** Creates leads, and returns the rows whose numbers were taken meanwhile. */
async function insertLeads(
  { tx, changed }: Change,
  ownerId: string,
  rows: readonly LeadRow[],
  { now, ...defaults }: LeadDefaults & { now: Date },
): Promise<LeadRow[]> {
  if (rows.length === 0) return [];
  const leads = rows.map(({ name, phone, status, columns }) => ({
    tags: [],
    ...defaults,
    ...columns,
    name,
    phone,
    id: uuidv7(),
    ownerId,
    status: status ?? 'NEW',
    createdAt: now,
    updatedAt: now,
  }));
  const inserted = await tx.$queryRawUnsafe<{ id: string; phone: string }[]>(INSERT_LEADS, JSON.stringify(leads));
  for (const { id } of inserted) changed({ ownerId, type: 'LEAD', id });
  const phones = new Set(inserted.map(({ phone }) => phone));
  return rows.filter(({ phone }) => !phones.has(phone));
}

/** Merges rows into leads, and returns how many of these have changed. Adds what they have no room for to `errors`. */
async function mergeRows(
  { tx, changed }: Change,
  found: readonly { lead: Lead; row: LeadRow }[],
  { now, errors }: { now: Date; errors: RowError[] },
): Promise<number> {
  const leads: (Omit<Lead, 'searchText'> & { searchText: undefined })[] = [];
  // Comparing notes of thousands of lines takes half a millisecond.
  await visitInSlices(found, ({ lead, row }) => {
    const merge = mergeRow(lead, row);
    errors.push(...merge.errors);
    if (Object.keys(merge.data).length > 0)
      leads.push({ ...lead, ...merge.data, searchText: undefined, updatedAt: now });
  });
  if (leads.length === 0) return 0;
  await tx.$executeRawUnsafe(UPDATE_LEADS, JSON.stringify(leads));
  for (const { id, ownerId } of leads) changed({ ownerId, type: 'LEAD', id });
  return leads.length;
}

/** Leads as JSON, so that one statement writes all: Prisma takes 30 ms of the event loop to build one that creates 250 rows. */
const ROWS = `json_to_recordset($1::json) AS r(${INSERTED_COLUMNS.map(({ property, type }) => `"${property}" ${type}`)})`;

const INSERT_LEADS = /* sql */ `INSERT INTO leads (${INSERTED_COLUMNS.map(({ sql }) => sql)})
  SELECT ${INSERTED_COLUMNS.map(({ property }) => `"${property}"`)} FROM ${ROWS}
  ON CONFLICT (owner_id, phone) DO NOTHING RETURNING id, phone`;

/** The rows are locked, so unchanged values are still as they were read. */
const UPDATE_LEADS = /* sql */ `UPDATE leads l SET ${UPDATED_COLUMNS.map(({ property, sql }) => `${sql} = r."${property}"`)}
  FROM ${ROWS} WHERE l.id = r.id`;

const toRefusal = ({ line }: LeadRow): RowError => ({
  row: line,
  field: 'phone',
  message: 'This number asked not to be called: the lead is kept as DO_NOT_CALL, which only an ADMIN lifts.',
});
