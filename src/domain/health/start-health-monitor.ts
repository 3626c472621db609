import { createInProcessPubSub } from '#adapters/redis/pubsub.ts';
import type { Health, HealthMonitor } from '#domain/core/deps.ts';
import { detailsOf } from '#domain/core/health-components.ts';
import { followState } from '#domain/live/state-feed.ts';
import { createChecks, type HealthChecks, worstStatus } from './checks.ts';

/** How often components are looked at. */
export const CHECK_EVERY_MS = 2_000;
const CHANNEL = 'health';

/** Looks at everything this process depends on, every two seconds, until it is closed. */
export async function startHealthMonitor(checks: HealthChecks, version: string): Promise<HealthMonitor> {
  const announcements = createInProcessPubSub({ alone: true });
  let draining = false;
  const look = createChecks(checks);
  let components = await look();
  let checkedAt = new Date();
  const signature = () => JSON.stringify(components.map(({ name, status, message }) => [name, status, message]));
  const check = async () => {
    const before = signature();
    components = await look();
    checkedAt = new Date();
    if (signature() !== before) announcements.publish(CHANNEL);
  };
  let checking: Promise<void> | null = null;
  const timer = setInterval(() => {
    checking ??= check().finally(() => (checking = null));
  }, CHECK_EVERY_MS).unref();
  const toDate = (time: string | null | undefined) => (time ? new Date(time) : null);
  const now = (): Health => ({
    status: worstStatus(components.map(({ status }) => status)),
    version,
    uptimeSeconds: process.uptime(),
    checkedAt,
    components,
    lastBackupAt: toDate(detailsOf(components, 'backups').lastProvenAt),
    lastCleanUpAt: toDate(detailsOf(components, 'clean-up').lastSucceededAt),
    warnings: components
      .filter(({ status, message }) => status !== 'HEALTHY' || message !== null)
      .map(({ name, message }) => `${name}: ${message ?? 'not well'}`),
  });
  return {
    now,
    isReady: () => !draining && components.some(({ name, status }) => name === 'database' && status === 'HEALTHY'),
    drain() {
      draining = true;
    },
    isDraining: () => draining,
    follow: () =>
      followState(announcements, {
        channels: [CHANNEL],
        read: async () => now(),
        signature: () => signature(),
        missing: () => new Error('There always is a health.'),
      }),
    close: () => clearInterval(timer),
  };
}
