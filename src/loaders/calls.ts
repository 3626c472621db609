import { type Call, Prisma } from '#generated/prisma/client.ts';
import type { CallDirection, CallOutcome, CallStatus } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { type Bind, defineList, type ListDefinition, type Order } from './list.ts';
import { rowById } from './row-by-id.ts';

const { agentState: _, ...fields } = Prisma.CallScalarFieldEnum;
/** Every column except the agent's state, which only the agent reads. */
const columns = columnsOf('c', fields);

export const callById = rowById<Call>({ columns, from: 'calls c', id: 'c.id', visible: 'c.owner_id = k.viewer_id' });

export type CallOrder = 'QUEUED_DESC' | 'QUEUED_ASC';

/** A filter of calls; null matches any. */
export type CallFilter = {
  orderBy: CallOrder;
  statuses: readonly CallStatus[] | null;
  outcomes: readonly CallOutcome[] | null;
  directions: readonly CallDirection[] | null;
  leadId: string | null;
  queuedFrom: Date | null;
  queuedBefore: Date | null;
  /** Calls that were answered then. */
  startedAfter: Date | null;
  startedBefore: Date | null;
};

const id = { sql: 'c.id', type: 'uuid', of: (row: Call) => row.id };
const queued = { sql: 'c.queued_at', type: 'timestamptz', of: (row: Call) => row.queuedAt };

export const callOrders: Record<CallOrder, Order<Call>> = {
  QUEUED_DESC: { name: 'calls', descending: true, keys: [queued, id] },
  QUEUED_ASC: { name: 'calls.oldest', descending: false, keys: [queued, id] },
};

function where(filter: CallFilter, bind: Bind): string[] {
  const { statuses, outcomes, directions, leadId, queuedFrom, queuedBefore, startedAfter, startedBefore } = filter;
  return [
    statuses &&
      `c.status = ${statuses.length === 1 ? bind(statuses[0], 'call_status') : `ANY(${bind(statuses, 'call_status[]')})`}`,
    outcomes && `c.outcome = ANY(${bind(outcomes, 'call_outcome[]')})`,
    directions && `c.direction = ANY(${bind(directions, 'call_direction[]')})`,
    leadId && `c.lead_id = ${bind(leadId, 'uuid')}`,
    queuedFrom && `c.queued_at >= ${bind(queuedFrom, 'timestamptz')}`,
    queuedBefore && `c.queued_at < ${bind(queuedBefore, 'timestamptz')}`,
    startedAfter && `c.started_at >= ${bind(startedAfter, 'timestamptz')}`,
    startedBefore && answeredBefore(bind(startedBefore, 'timestamptz')),
  ].filter((condition) => condition !== null);
}

/** A call is answered after it was requested: so the index by that time begins later. */
const answeredBefore = (moment: string) => `c.started_at < ${moment} AND c.queued_at < ${moment}`;

const calls: Omit<ListDefinition<Call, CallFilter>, 'parent'> = {
  columns,
  from: 'calls c',
  id: 'c.id',
  order: ({ orderBy }) => callOrders[orderBy],
  where,
  // One index scan for each status, in the order of the list.
  unionOf: (filter) =>
    filter.statuses?.length
      ? [...new Set(filter.statuses)].map((status) => ({ ...filter, statuses: [status] }))
      : [filter],
  isPlannedAnew: (filter) => where(filter, () => '').length > 0,
};

export const callsOfUser = defineList<Call, CallFilter>({ ...calls, parent: 'c.owner_id' });
export const callsOfLead = defineList<Call, CallFilter>({ ...calls, parent: 'c.lead_id' });
export const callsOfCampaign = defineList<Call, CallFilter>({ ...calls, parent: 'c.campaign_id' });
