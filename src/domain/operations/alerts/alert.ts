import type { HealthStatus } from '#domain/core/deps.ts';
import type { NewJob } from '#domain/core/new-job.ts';

/** How a component does, as far as it is told outside. */
export type Condition = { status: HealthStatus; message: string | null };

export const WELL: Condition = { status: 'HEALTHY', message: null };

/** What is sent, as JSON: the shape of https://www.standardwebhooks.com. */
export type Alert = {
  type: 'health.changed' | 'backup.failed';
  timestamp: string;
  data: Record<string, string | null>;
};

/** Whether two conditions are the same warning: how many, for how long, and which (in parentheses), does not matter. */
export const isSame = (a: Condition, b: Condition): boolean =>
  a.status === b.status && withoutParticulars(a.message) === withoutParticulars(b.message);

const withoutParticulars = (message: string | null) => message?.replace(/\([^()]*\)|\d+/g, '') ?? null;

/** Returns the alert that a component was in one condition, and is in another. */
export function describeChange(component: string, before: Condition, after: Condition, now: Date): Alert {
  const { status, message } = after;
  const data = { component, status, message, previousStatus: before.status, previousMessage: before.message };
  return { type: 'health.changed', timestamp: now.toISOString(), data };
}

/** Returns the job that sends an alert. It waits for nobody's backup. */
export const jobOf = (alert: Alert): NewJob => ({ kind: 'SEND_ALERT', payload: alert, priority: 'HIGH' });
