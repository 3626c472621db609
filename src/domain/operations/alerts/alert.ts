import type { HealthStatus } from '#domain/core/deps.ts';
import type { NewJob } from '#domain/core/new-job.ts';

/** The condition of a component, as far as alerts report it. */
export type Condition = { status: HealthStatus; message: string | null };

export const WELL: Condition = { status: 'HEALTHY', message: null };

/** An alert, which is sent as JSON in the shape of https://www.standardwebhooks.com. */
export type Alert = {
  type: 'health.changed' | 'backup.failed';
  timestamp: string;
  data: Record<string, string | null>;
};

/** Whether two conditions are the same warning. Numbers, and details in parentheses, are ignored. */
export const isSame = (a: Condition, b: Condition): boolean =>
  a.status === b.status && withoutParticulars(a.message) === withoutParticulars(b.message);

const withoutParticulars = (message: string | null) => message?.replace(/\([^()]*\)|\d+/g, '') ?? null;

/** Returns the alert for the change of a component from one condition to another. */
export function describeChange(component: string, before: Condition, after: Condition, now: Date): Alert {
  const { status, message } = after;
  const data = { component, status, message, previousStatus: before.status, previousMessage: before.message };
  return { type: 'health.changed', timestamp: now.toISOString(), data };
}

/** Returns the job that sends an alert. Its priority is high, so that it does not wait for a backup. */
export const jobOf = (alert: Alert): NewJob => ({ kind: 'SEND_ALERT', payload: alert, priority: 'HIGH' });
