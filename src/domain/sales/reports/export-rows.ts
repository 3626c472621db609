import type { Deps } from '#domain/core/deps.ts';
import { type LeadFilter, leadConditions } from '#domain/sales/lead-filter.ts';
import { EXPORTED_COLUMNS } from '#domain/sales/lead-table.ts';
import { type CsvValue, csvRow } from './csv.ts';

/** Which calls to export; null matches any. */
export type CallExport = { campaignId: string | null; from: Date | null; to: Date | null };

/** How many rows one statement reads: some hundred kilobytes. */
const ROWS_AT_ONCE = 500;

/** The columns of a table, by their headings; those of leads have the headings that an import reads. */
type Columns = Record<string, string>;

const LEAD_COLUMNS: Columns = Object.fromEntries(EXPORTED_COLUMNS.map(({ property, sql }) => [property, `l.${sql}`]));

const CALL_COLUMNS: Columns = {
  lead: 'l.name',
  phone: 'c.phone',
  company: 'l.company',
  campaign: 'm.name',
  direction: 'c.direction',
  status: 'c.status',
  outcome: 'c.outcome',
  answeredBy: 'c.answered_by',
  attempt: 'c.attempt',
  queuedAt: 'c.queued_at',
  dialledAt: 'c.dialled_at',
  consentAt: "(c.evidence->>'consentAt')::timestamptz",
  consentReference: "c.evidence->>'consentReference'",
  registryCheckedAt: "(c.evidence->>'registryCheckedAt')::timestamptz",
  registryReference: "c.evidence->>'registryReference'",
  startedAt: 'c.started_at',
  endedAt: 'c.ended_at',
  talkSeconds: 'extract(epoch FROM c.ended_at - c.started_at)::float8',
  nextStep: 'c.next_step',
  error: 'c.error_message',
};

/** Yields the actor's leads as CSV, ordered by id, slice by slice. */
export function exportLeads(deps: Deps, filter: LeadFilter): AsyncGenerator<string> {
  const conditions = (bind: Bind) => [
    `l.owner_id = ${bind(deps.actor.userId, 'uuid')}`,
    ...leadConditions(filter, bind),
  ];
  return exportRows(deps, { columns: LEAD_COLUMNS, from: 'leads l', id: 'l.id', conditions });
}

/** Yields the actor's calls as CSV, in the order of their creation, slice by slice. */
export function exportCalls(deps: Deps, { campaignId, from, to }: CallExport): AsyncGenerator<string> {
  const table =
    'calls c JOIN leads l ON l.id = c.lead_id LEFT JOIN campaigns m ON m.id = c.campaign_id AND m.deleted_at IS NULL';
  const conditions = (bind: Bind) => [
    `c.owner_id = ${bind(deps.actor.userId, 'uuid')}`,
    ...(campaignId ? [`m.id = ${bind(campaignId, 'uuid')}`] : []),
    ...(from ? [`c.queued_at >= ${bind(from, 'timestamptz')}`] : []),
    ...(to ? [`c.queued_at < ${bind(to, 'timestamptz')}`] : []),
  ];
  return exportRows(deps, { columns: CALL_COLUMNS, from: table, id: 'c.id', conditions });
}

type Bind = (value: unknown, type: string) => string;
type Table = { columns: Columns; from: string; id: string; conditions: (bind: Bind) => string[] };

async function* exportRows({ database }: Deps, { columns, from, id, conditions }: Table): AsyncGenerator<string> {
  const names = Object.keys(columns);
  yield csvRow(names);
  const list = Object.entries(columns).map(([name, sql]) => `${sql} AS "${name}"`);
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const values: unknown[] = [];
    const bind: Bind = (value, type) => `$${values.push(value)}::${type}`;
    const where = [`${id} > ${bind(after, 'uuid')}`, ...conditions(bind)];
    const rows = await database.sql<Record<string, CsvValue> & { $id: string }>(
      `SELECT ${id} AS "$id", ${list} FROM ${from} WHERE ${where.join(' AND ')} ORDER BY ${id} LIMIT ${ROWS_AT_ONCE}`,
      values,
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map((row) => csvRow(names.map((name) => row[name] ?? null))).join('');
    if (rows.length < ROWS_AT_ONCE) return;
    after = last.$id;
  }
}
