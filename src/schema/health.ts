import { COMPONENTS } from '#domain/core/health-components.ts';
import { TABLES_EVERY_MS } from '#domain/health/checks.ts';
import { CHECK_EVERY_MS } from '#domain/health/start-health-monitor.ts';
import * as resolvers from '#resolvers/health.ts';
import { builder } from './builder.ts';
import { NOT_CACHED } from './caching.ts';

const HealthStatus = builder.enumType('HealthStatus', {
  description: 'The health of a component, or of the whole server.',
  values: {
    HEALTHY: { description: 'The component works normally.' },
    DEGRADED: { description: 'The component works with reduced speed or function.' },
    UNHEALTHY: { description: 'The component does not work.' },
  },
});

const ComponentHealth = builder.simpleObject('ComponentHealth', {
  description: 'The health of one component of the server.',
  fields: (t) => ({
    name: t.string({
      description: `The name of the component: ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(COMPONENTS)}.`,
    }),
    status: t.field({ type: HealthStatus, description: 'The health of the component.' }),
    latencyMs: t.float({
      nullable: true,
      description: 'The response time of the component in milliseconds; null if it was not probed.',
    }),
    message: t.string({
      nullable: true,
      description: 'The problem of the component, or one that is about to occur; null if there is none.',
    }),
    details: t.field({
      type: 'JSON',
      description:
        'Measurements of the component by name, such as connection pool, hit rate, queue depth, disk and memory.',
    }),
  }),
});

const Health = builder.simpleObject('Health', {
  description: `The health of the responding process and its dependencies, at most ${CHECK_EVERY_MS / 1_000} seconds old; of the queue, webhooks, the model, telephony, backups and clean-up at most ${(CHECK_EVERY_MS + TABLES_EVERY_MS) / 1_000}.`,
  fields: (t) => ({
    status: t.field({ type: HealthStatus, description: 'The worst status of any component.' }),
    version: t.string({ description: 'The running version of Parley.' }),
    uptimeSeconds: t.float({ description: 'The uptime of the process, in seconds.' }),
    checkedAt: t.field({ type: 'DateTime', description: 'When the components were last checked.' }),
    components: t.field({ type: [ComponentHealth], description: 'The health of each component.' }),
    lastBackupAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The time of the newest backup whose restore was verified; null if there is none.',
    }),
    lastCleanUpAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the hourly clean-up of expired data last completed; null before the first.',
    }),
    warnings: t.stringList({
      description:
        "The problems of all components that have one, each as the component's name followed by its message.",
    }),
  }),
});

builder.queryField('health', (t) =>
  t.field({
    type: Health,
    description: 'The health of the server and its dependencies.',
    extensions: NOT_CACHED,
    resolve: resolvers.health,
  }),
);

builder.subscriptionField('healthChanged', (t) =>
  t.field({
    type: Health,
    description: 'The present health, then the new health whenever the status or message of a component changes.',
    subscribe: resolvers.healthChanged,
    resolve: (health) => health,
  }),
);
