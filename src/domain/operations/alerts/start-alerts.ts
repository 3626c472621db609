import { v7 as uuidv7 } from 'uuid';
import { isOutage } from '#adapters/database/outages.ts';
import type { Services } from '#domain/core/deps.ts';
import { createDamper } from './damper.ts';
import { type ClaimOutage, createOutageAlert } from './outage-alert.ts';
import { hasStaleFindings, REFRESH_EVERY_MS, reportFindings } from './report-findings.ts';
import { sendUntilTaken } from './send-until-taken.ts';

/**
 * Reports bad conditions of this process, and recoveries, to ALERT_WEBHOOK_URL if it is set, deduplicated across processes. When the
 * process ends, its findings stay stored for a while: its successor either finds the same, or that it is over. Returns a function that
 * stops it.
 */
export function startAlerts(services: Services, claimOutage: ClaimOutage): () => Promise<void> {
  const { alerts, health, log } = services;
  if (!alerts.webhook) return async () => {};
  const processId = uuidv7();
  /** Stops the alerts that are sent without the queue; null while workers process the queue. */
  let stuck: AbortController | null = null;
  const endStuck = () => {
    stuck?.abort();
    stuck = null;
  };
  const outage = createOutageAlert(services, claimOutage);
  let isReported = true;
  const report = async () => {
    const findings = damper.findings();
    try {
      isReported = false;
      const { isStuck, queued } = await reportFindings(services, { processId, findings, told: outage.told() });
      isReported = true;
      outage.end();
      if (!isStuck) return endStuck();
      stuck ??= new AbortController();
      for (const alert of queued) void sendUntilTaken(services, alert, stuck.signal);
    } catch (error) {
      const lost = findings.find(({ component }) => component === 'database');
      if (lost && isOutage(error)) outage.begin(lost);
      else if (!isOutage(error)) log.warn({ err: error }, 'alerts are tried again in a moment');
    }
  };
  let reporting = Promise.resolve();
  const reportNext = () => {
    reporting = reporting.then(report);
  };
  const damper = createDamper(alerts.afterMs, reportNext);
  const refresh = async () => {
    if (!isReported || damper.findings().length > 0 || (await hasStaleFindings(services))) reportNext();
  };
  const timer = setInterval(() => void refresh().catch(() => {}), REFRESH_EVERY_MS).unref();
  const feed = health.follow();
  const following = (async () => {
    for await (const { components } of feed)
      for (const { name, ...condition } of components) damper.see(name, condition);
  })();
  return async () => {
    clearInterval(timer);
    damper.close();
    await feed.return(undefined);
    await following;
    await reporting;
    outage.end();
    endStuck();
  };
}
