import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { HealthStatus, Services } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import { lockName } from '#domain/core/row-locks.ts';
import { IN_BACKGROUND, runTransaction, type Tx } from '#domain/core/transaction.ts';
import { isForWantOfWorkers } from '#domain/health/queue-check.ts';
import { type Alert, type Condition, describeChange, isSame, jobOf, WELL } from './alert.ts';
import type { Finding } from './damper.ts';

/** How often a process refreshes its findings. */
export const REFRESH_EVERY_MS = 20_000;
/** After how long, in addition to the damper's delay, a finding without a refresh belongs to a dead process. */
const STALE_AFTER_MS = 3 * REFRESH_EVERY_MS;

/** The findings of one process, and the outage that it reported by itself while the database was away. */
export type Report = { processId: string; findings: readonly Finding[]; told: Finding | null };

/** An alert, and the id of the job that sends it. */
export type QueuedAlert = { id: string; alert: Alert };

/** The alerts that were enqueued; `isStuck` if there may be no worker to send them. */
export type Reported = { isStuck: boolean; queued: QueuedAlert[] };

/**
 * Stores the findings of a process, and enqueues an alert for each component whose condition differs from the one last reported by any
 * process. A component's condition is the worst that any process finds. Safe to repeat.
 */
export async function reportFindings(services: Services, { processId, findings, told }: Report): Promise<Reported> {
  const deps = { ...services, actor: SYSTEM_ACTOR };
  return runTransaction(services, IN_BACKGROUND, async (change) => {
    const { tx } = change;
    await lockName(tx, 'parley:alerts');
    await storeFindings(tx, processId, findings);
    await tx.$executeRaw`DELETE FROM health_findings WHERE seen_at < now() - ${staleMs(services)} * interval '1 ms'`;
    if (told) await adoptReported(tx, told);
    const before = new Map((await tx.healthAlert.findMany()).map((row) => [row.component, conditionOf(row)]));
    const after = worstByComponent(await tx.healthFinding.findMany({ orderBy: { since: 'asc' } }));
    const queued: QueuedAlert[] = [];
    for (const component of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(component) ?? WELL, after.get(component) ?? WELL];
      if (isSame(was, is)) continue;
      const row = { ...is, changedAt: services.now() };
      await tx.healthAlert.upsert({ where: { component }, create: { component, ...row }, update: row });
      const alert = describeChange(component, was, is, services.now());
      queued.push({ ...(await enqueue(change, deps, jobOf(alert))), alert });
    }
    return { isStuck: isForWantOfWorkers(after.get('queue')?.message ?? null), queued };
  });
}

/** Returns whether a process has died without withdrawing its findings. */
export async function hasStaleFindings(services: Services): Promise<boolean> {
  const [row] = await services.database.sql<{ stale: boolean }>(
    `SELECT EXISTS (SELECT FROM health_findings WHERE seen_at < now() - $1::float8 * interval '1 ms') AS stale`,
    [staleMs(services)],
  );
  return row?.stale ?? false;
}

/** Long enough for the successor of a dead process to find the same condition, once its damper's delay has passed. */
const staleMs = ({ alerts }: Services) => STALE_AFTER_MS + alerts.afterMs;

async function storeFindings(tx: Tx, processId: string, findings: readonly Finding[]): Promise<void> {
  await tx.healthFinding.deleteMany({
    where: { processId, component: { notIn: findings.map(({ component }) => component) } },
  });
  for (const { component, status, message, since } of findings)
    await tx.$executeRaw`INSERT INTO health_findings (process_id, component, status, message, since, seen_at)
      VALUES (${processId}::uuid, ${component}, ${status}, ${message}, ${since}, now())
      ON CONFLICT (process_id, component) DO UPDATE
      SET status = EXCLUDED.status, message = EXCLUDED.message, since = EXCLUDED.since, seen_at = now()`;
}

/** Records what was reported without the database as reported, unless another process has reported a later change. */
async function adoptReported(tx: Tx, { component, status, message, since }: Finding): Promise<void> {
  await tx.$executeRaw`INSERT INTO health_alerts AS a (component, status, message, changed_at)
    VALUES (${component}, ${status}, ${message}, ${since})
    ON CONFLICT (component) DO UPDATE SET status = ${status}, message = ${message}, changed_at = ${since}
    WHERE a.changed_at < ${since}`;
}

const SEVERITY: readonly string[] = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'] satisfies HealthStatus[];

type Row = { component: string; status: string; message: string | null };

/** If several processes find a component equally bad, the first one counts. */
function worstByComponent(rows: readonly Row[]): Map<string, Condition> {
  const worst = new Map<string, Condition>();
  for (const row of rows) {
    const known = worst.get(row.component);
    if (!known || SEVERITY.indexOf(row.status) > SEVERITY.indexOf(known.status))
      worst.set(row.component, conditionOf(row));
  }
  return worst;
}

const conditionOf = ({ status, message }: Row): Condition => ({ status: status as HealthStatus, message });
