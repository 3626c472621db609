import { COMPONENTS } from '#domain/core/health-components.ts';
import { CHECK_EVERY_MS } from '#domain/health/start-health-monitor.ts';
import * as resolvers from '#resolvers/health.ts';
import { builder } from './builder.ts';
import { NOT_KEPT } from './caching.ts';

const HealthStatus = builder.enumType('HealthStatus', {
  description: 'How well a component, or all of the server, is.',
  values: {
    HEALTHY: { description: 'The component works as it should.' },
    DEGRADED: { description: 'The component works, but slower or with less than usual.' },
    UNHEALTHY: { description: 'The component does not work.' },
  },
});

const ComponentHealth = builder.simpleObject('ComponentHealth', {
  description: 'How well one component of the server is.',
  fields: (t) => ({
    name: t.string({
      description: `Which component: ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(COMPONENTS)}.`,
    }),
    status: t.field({ type: HealthStatus, description: 'How well the component is.' }),
    latencyMs: t.float({
      nullable: true,
      description: 'How long the component took to answer, in milliseconds; null where nothing was asked of it.',
    }),
    message: t.string({
      nullable: true,
      description: 'What is wrong with the component, or will be unless somebody acts; null where nothing is.',
    }),
    details: t.field({
      type: 'JSON',
      description: 'What was measured of the component, by name: pool, hit rate, depth, disk, memory …',
    }),
  }),
});

const Health = builder.simpleObject('Health', {
  description: `How well the process that answers is, with all it depends on; at most ${CHECK_EVERY_MS / 1_000} seconds old.`,
  fields: (t) => ({
    status: t.field({ type: HealthStatus, description: 'The status of the component that is least well.' }),
    version: t.string({ description: 'The version of Parley that runs.' }),
    uptimeSeconds: t.float({ description: 'How long the process has run, in seconds.' }),
    checkedAt: t.field({ type: 'DateTime', description: 'When the components were last checked.' }),
    components: t.field({ type: [ComponentHealth], description: 'How well each component is.' }),
    lastBackupAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the newest backup was taken that was proven to restore; null where there is none.',
    }),
    lastCleanUpAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When all that is past its time was last deleted, which is done every hour; null before that.',
    }),
    warnings: t.stringList({
      description: 'What is not well, or will not be: the message of each component that has one, behind its name.',
    }),
  }),
});

builder.queryField('health', (t) =>
  t.field({
    type: Health,
    description: 'How well the server is, with all it depends on.',
    extensions: NOT_KEPT,
    resolve: resolvers.health,
  }),
);

builder.subscriptionField('healthChanged', (t) =>
  t.field({
    type: Health,
    description: 'The health as it is now, then whenever the status or message of a component changes.',
    subscribe: resolvers.healthChanged,
    resolve: (health) => health,
  }),
);
