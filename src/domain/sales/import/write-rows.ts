import { v7 as uuidv7 } from 'uuid';
import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { Write } from '#domain/core/write.ts';
import { findDoNotCall, recordDoNotCall } from '#domain/sales/do-not-call.ts';
import { transitionProblem } from '#domain/sales/lead-status.ts';
import { INSERTED_COLUMNS, UPDATED_COLUMNS } from '#domain/sales/lead-table.ts';
import type { Lead } from '#generated/prisma/client.ts';
import type { LeadRow, RowError } from './read-row.ts';

/** The results of writing rows; `refusals` are the numbers whose rows newly ask for no calls. */
export type WrittenRows = { created: number; updated: number; errors: RowError[]; refusals: string[] };

/** The defaults of a new lead whose row lacks these values. */
export type LeadDefaults = { language: string; timeZone: string | null };

type Change = Pick<Write, 'tx' | 'changed'>;

/**
 * Creates the leads of rows, in which each number occurs once, or updates the existing leads with these numbers; empty cells change
 * nothing. Numbers that asked not to be called stay DO_NOT_CALL, and rows that say otherwise are reported. After the commit, call
 * `cancelCallsTo` with the refusals.
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
  const existing = new Map(
    (await tx.lead.findMany({ where: { ownerId, phone: { in: phones } } })).map((lead) => [lead.phone, lead]),
  );
  const refused = await findDoNotCall(tx, deps, ownerId, phones);
  const errors: RowError[] = [];
  const created: LeadRow[] = [];
  const updated: { lead: Lead; row: LeadRow }[] = [];
  for (const given of rows) {
    const isRefused = refused.has(given.phone);
    if (isRefused && given.status !== 'DO_NOT_CALL') errors.push(toRefusal(given));
    const row: LeadRow = { ...given, status: isRefused ? 'DO_NOT_CALL' : given.status };
    const lead = existing.get(row.phone);
    const problem = lead && row.status && transitionProblem(lead.status, row.status);
    if (problem) errors.push({ row: row.line, field: 'status', message: problem });
    else if (lead) updated.push({ lead, row });
    else created.push(row);
  }
  await updateLeads(change, updated, deps.now());
  const missed = await insertLeads(change, ownerId, created, { ...defaults, now: deps.now() });
  const newRefusals = [...updated.map(({ row }) => row), ...created]
    .filter(({ status, phone }) => status === 'DO_NOT_CALL' && !refused.has(phone))
    .map(({ phone }) => phone);
  if (newRefusals.length > 0) await recordDoNotCall(tx, deps, ownerId, ...newRefusals);
  const written = { created: created.length - missed.length, updated: updated.length, errors, refusals: newRefusals };
  if (missed.length === 0) return written;
  // Concurrent transactions have created leads with these numbers: now they can be updated.
  const again = await writeRows(change, deps, missed, defaults);
  return {
    created: written.created + again.created,
    updated: written.updated + again.updated,
    errors: [...errors, ...again.errors],
    refusals: [...newRefusals, ...again.refusals],
  };
}

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

async function updateLeads(
  { tx, changed }: Change,
  updates: readonly { lead: Lead; row: LeadRow }[],
  now: Date,
): Promise<void> {
  const leads = updates.flatMap(({ lead, row: { name, status, columns } }) => {
    const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value != null));
    const data = pickChangedColumns(lead, { ...given, name, ...(status ? { status } : {}) });
    return Object.keys(data).length === 0 ? [] : [{ ...lead, ...data, searchText: undefined, updatedAt: now }];
  });
  if (leads.length === 0) return;
  await tx.$executeRawUnsafe(UPDATE_LEADS, JSON.stringify(leads));
  for (const { id, ownerId } of leads) changed({ ownerId, type: 'LEAD', id });
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
