import { setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from '#adapters/database/outages.ts';
import type { AuditSeals, Services } from '#domain/core/deps.ts';
import { commitmentOf, HASHED_COLUMNS, type HashedEntry, hashEntry, NO_HASH } from './audit-hash.ts';

/** How long after a write its entry is sealed, together with all others since. */
const SEAL_AFTER_MS = 1_000;
/** The maximum delay while transactions that may still add entries are open. */
const MAX_WAIT_MS = 30_000;
/** How many entries are sealed together, which takes some 10 ms. */
const SEAL_ENTRIES = 500;

type Database = Pick<Services['database'], 'sql'>;

/** Entries up to `position` are complete once these transactions have ended, because numbers are assigned before commits. */
type Horizon = { position: bigint; transactions: string[] };

/**
 * Creates the sealer, which chains audit entries by hash. Writes only wake it. Entries are numbered by a sequence, so that no write waits
 * for another, and are sealed in slices by one process at a time, once no open transaction can still add one with a lower number.
 */
export function createAuditSeals({ database, log }: Pick<Services, 'database' | 'log'>): AuditSeals {
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
      const isSealed = !horizon || (await sealUpTo(database, horizon, () => closed));
      horizon = await findHorizon(database);
      waitMs = isSealed ? SEAL_AFTER_MS : Math.min(waitMs * 2, MAX_WAIT_MS);
    } catch (error) {
      if (!isOutage(error)) log.warn({ err: error }, 'entries of the audit could not be sealed');
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

/** How long an operator's command waits for open transactions. */
const SETTLE_MS = 5_000;
const CHECK_EVERY_MS = 50;

/** Seals all present entries, provided that open transactions end soon. Used before an operator inspects the chain. */
export async function sealNow({ database }: Pick<Services, 'database'>): Promise<void> {
  const horizon = await findHorizon(database);
  if (!horizon) return;
  const deadline = Date.now() + SETTLE_MS;
  while (!(await sealUpTo(database, horizon, () => false)) && Date.now() < deadline) await sleep(CHECK_EVERY_MS);
}

/**
 * The open transactions of this database that write. Found by their locks, which are visible to everybody; a snapshot would also include
 * the other databases of the server.
 */
const OPEN_TRANSACTIONS = `SELECT l.transactionid::text FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
    AND a.datname = current_database() AND pid <> pg_backend_pid()`;

/** Undefined if all entries are sealed. */
async function findHorizon({ sql }: Database): Promise<Horizon | undefined> {
  const [found] = await sql<Horizon & { sealed: bigint }>(
    `SELECT coalesce((SELECT max(position) FROM audit_entries), 0) AS position,
       ARRAY(${OPEN_TRANSACTIONS}) AS transactions, (SELECT position FROM audit_chain) AS sealed`,
  );
  return found && found.position > found.sealed ? found : undefined;
}

/** Returns false while a transaction is open that may still add an entry. */
async function sealUpTo(
  database: Database,
  { position, transactions }: Horizon,
  isStopping: () => boolean,
): Promise<boolean> {
  const [row] = await database.sql<{ ended: boolean }>(
    `SELECT NOT $1::text[] && ARRAY(${OPEN_TRANSACTIONS}) AS ended`,
    [transactions],
  );
  if (!row?.ended) return false;
  while (!isStopping() && (await sealSlice(database, position)));
  return true;
}

/** Stores the seal of the entries after $1 up to $2, unless the chain has changed since its version $9 was read. */
const STORE_SEAL = `WITH moved AS (
  UPDATE audit_chain SET position = $2, hash = $7 WHERE position = $1 AND xmin::text = $9 RETURNING position
)
INSERT INTO audit_seals (first_position, last_position, newest_at, positions, commitments, hashes)
SELECT $3, position, $4, $5, $6, $8 FROM moved RETURNING last_position`;

/** Returns whether there are more. If another process has sealed the slice meanwhile, its seal stands. */
async function sealSlice({ sql }: Database, upTo: bigint): Promise<boolean> {
  const [head] = await sql<{ position: bigint; hash: Uint8Array; version: string }>(
    'SELECT position, hash, xmin::text AS version FROM audit_chain',
  );
  if (!head) return false;
  const entries = await sql<HashedEntry>(
    `SELECT ${HASHED_COLUMNS} FROM audit_entries WHERE position > $1 AND position <= $2 ORDER BY position LIMIT ${SEAL_ENTRIES}`,
    [head.position, upTo],
  );
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return false;
  let hash = head.hash;
  const commitments = entries.map((entry) => commitmentOf(entry) ?? NO_HASH);
  const hashes = entries.map((entry, index) => {
    hash = hashEntry(hash, entry, commitments[index] as Buffer);
    return hash;
  });
  const stored = await sql(STORE_SEAL, [
    head.position,
    last.position,
    first.position,
    new Date(Math.max(...entries.map(({ at }) => at.getTime()))),
    entries.map(({ position }) => position),
    Buffer.concat(commitments),
    hash,
    Buffer.concat(hashes),
    head.version,
  ]);
  return stored.length > 0 && entries.length === SEAL_ENTRIES;
}
