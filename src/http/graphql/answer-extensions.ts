import type { Tally } from '#adapters/database/tally.ts';
import type { Budget } from '#http/rate-limits.ts';

/** The `extensions` of an answer: only those that its client has asked for. */
export type RequestedExtensions = {
  cost: boolean;
  receipt: boolean;
  /** What is left of the budget, for transports without headers. */
  rateLimit: boolean;
};

/** The names by which clients ask for them: headers, fields of `connection_init`, extensions of an operation. */
const COST = 'x-parley-cost';
const RECEIPT = 'x-parley-receipt';

const isRequested = (value: unknown) => value === '1' || value === 1 || value === true;

/** Reads from fields with lower-case names which extensions are asked for; undefined if none are. */
export function readRequestedExtensions(
  fields: Record<string, unknown>,
  transport: 'http' | 'socket',
): RequestedExtensions | undefined {
  const [cost, receipt] = [isRequested(fields[COST]), isRequested(fields[RECEIPT])];
  return cost || receipt ? { cost, receipt, rateLimit: transport === 'socket' } : undefined;
}

/** Returns the fields, with lower-case names, that ask for extensions; undefined if there are none. */
export function pickAskingFields(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const asking = [COST, RECEIPT].filter((name) => name in fields);
  return asking.length > 0 ? Object.fromEntries(asking.map((name) => [name, isRequested(fields[name])])) : undefined;
}

/** What an operation has used since its last answer. */
export type Usage = { tally: Tally; cacheHits: number; cost: number; budget: Budget | undefined };

/** Returns the `extensions` of an answer. */
export function describeUsage(
  requested: RequestedExtensions,
  { tally, cacheHits, cost, budget }: Usage,
): Record<string, unknown> {
  const { statements, milliseconds, rows } = tally;
  return {
    ...(requested.cost && { cost }),
    ...(requested.receipt && {
      receipt: {
        sqlCount: statements,
        sqlMs: Math.round(milliseconds * 1_000) / 1_000,
        rows,
        cacheHits,
        cost,
        budgetLeft: budget?.remaining ?? null,
      },
    }),
    ...(requested.rateLimit &&
      budget && {
        rateLimit: { limit: budget.limit, remaining: budget.remaining, resetSeconds: budget.resetSeconds },
      }),
  };
}
