import { setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from '#adapters/database/outages.ts';
import type { AuditSeals, Services } from '#domain/core/deps.ts';
import { runTransaction, type Tx } from '#domain/core/transaction.ts';
import { commitmentOf, HASHED_COLUMNS, type HashedEntry, hashEntry, NO_HASH } from './audit-hash.ts';

/** How long after a write its entry is sealed, with all that came meanwhile. */
const SEAL_AFTER_MS = 1_000;
/** The longest pause while transactions that may still add entries are under way. */
const MAX_WAIT_MS = 30_000;
/** Entries that are sealed together: some 10 ms. */
const SEAL_ENTRIES = 500;
const LIMITS = { timeoutMs: 10_000, lockWaitMs: 2_000 };

/** Entries up to `position` are all there once these transactions have ended: numbers are handed out before commits. */
type Horizon = { position: bigint; transactions: string[] };

/**
 * Creates what chains the entries of the audit by hash. Writes only wake it: entries are numbered by a sequence, so that no write
 * waits for another, and sealed in slices by one process at a time, behind the transactions that may still add one of a lower number.
 */
export function createAuditSeals(services: Pick<Services, 'database' | 'pubsub' | 'log'>): AuditSeals {
  let timer: NodeJS.Timeout | undefined;
  let horizon: Horizon | undefined;
  let waitMs = SEAL_AFTER_MS;
  let sealing = Promise.resolve();
  let closed = false;
  const wake = () => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      sealing = seal();
    }, waitMs).unref();
  };
  const seal = async () => {
    try {
      const isSealed = !horizon || (await sealUpTo(services, horizon, () => closed));
      horizon = await findHorizon(services);
      waitMs = isSealed ? SEAL_AFTER_MS : Math.min(waitMs * 2, MAX_WAIT_MS);
    } catch (error) {
      if (!isOutage(error)) services.log.warn({ err: error }, 'entries of the audit could not be sealed');
      waitMs = MAX_WAIT_MS;
    }
    timer = undefined;
    if (horizon) wake();
  };
  return {
    wake,
    async close() {
      closed = true;
      clearTimeout(timer);
      await sealing;
    },
  };
}

/** How long an operator waits for the transactions under way. */
const SETTLE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Seals what there is now, as far as the transactions under way end soon: before an operator looks at the chain. */
export async function sealNow(services: Pick<Services, 'database' | 'pubsub'>): Promise<void> {
  const horizon = await findHorizon(services);
  if (!horizon) return;
  const deadline = Date.now() + SETTLE_MS;
  while (!(await sealUpTo(services, horizon, () => false)) && Date.now() < deadline) await sleep(LOOK_EVERY_MS);
}

/**
 * The transactions of this database that write. By locks, which everybody sees: a snapshot would also wait for the other databases of
 * the server.
 */
const UNDER_WAY = `SELECT l.transactionid::text FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
    AND a.datname = current_database() AND pid <> pg_backend_pid()`;

/** Undefined where all entries are sealed. */
async function findHorizon({ database }: Pick<Services, 'database'>): Promise<Horizon | undefined> {
  const [found] = await database.sql<Horizon & { sealed: bigint }>(
    `SELECT coalesce((SELECT max(position) FROM audit_entries), 0) AS position,
       ARRAY(${UNDER_WAY}) AS transactions, (SELECT position FROM audit_chain) AS sealed`,
  );
  return found && found.position > found.sealed ? found : undefined;
}

/** Returns false where a transaction is under way that may still add an entry. */
async function sealUpTo(
  services: Pick<Services, 'database' | 'pubsub'>,
  { position, transactions }: Horizon,
  isStopping: () => boolean,
): Promise<boolean> {
  const [row] = await services.database.sql<{ ended: boolean }>(
    `SELECT NOT $1::text[] && ARRAY(${UNDER_WAY}) AS ended`,
    [transactions],
  );
  if (!row?.ended) return false;
  while (!isStopping() && (await runTransaction(services, LIMITS, ({ tx }) => sealSlice(tx, position))));
  return true;
}

/** Returns whether there are more. Leaves it to another process that is at it. */
async function sealSlice(tx: Tx, upTo: bigint): Promise<boolean> {
  const [head] = await tx.$queryRaw<{ position: bigint; hash: Uint8Array }[]>`
    SELECT position, hash FROM audit_chain FOR UPDATE SKIP LOCKED`;
  if (!head) return false;
  const entries = await tx.$queryRawUnsafe<HashedEntry[]>(
    `SELECT ${HASHED_COLUMNS} FROM audit_entries WHERE position > $1 AND position <= $2 ORDER BY position LIMIT ${SEAL_ENTRIES}`,
    head.position,
    upTo,
  );
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return false;
  let hash: Uint8Array = head.hash;
  const commitments = entries.map((entry) => commitmentOf(entry) ?? NO_HASH);
  const hashes = entries.map((entry, index) => {
    hash = hashEntry(hash, entry, commitments[index] as Buffer);
    return hash;
  });
  await tx.auditSeal.create({
    data: {
      firstPosition: first.position,
      lastPosition: last.position,
      newestAt: new Date(Math.max(...entries.map(({ at }) => at.getTime()))),
      positions: entries.map(({ position }) => position),
      commitments: new Uint8Array(Buffer.concat(commitments)),
      hashes: new Uint8Array(Buffer.concat(hashes)),
    },
  });
  await tx.auditChain.updateMany({ data: { position: last.position, hash: new Uint8Array(hash) } });
  return entries.length === SEAL_ENTRIES;
}
