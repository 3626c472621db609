import * as resolvers from '#resolvers/health.ts';
import { builder } from './builder.ts';

const HealthStatus = builder.enumType('HealthStatus', {
  description: 'How well something is.',
  values: {
    HEALTHY: { description: 'Well.' },
    DEGRADED: { description: 'It works, with less speed or comfort.' },
    UNHEALTHY: { description: 'It does not work.' },
  },
});

const ComponentHealth = builder.simpleObject('ComponentHealth', {
  description: 'How well one part is.',
  fields: (t) => ({
    name: t.string({ description: 'database, cache, pubsub, queue, model, storage or system.' }),
    status: t.field({ type: HealthStatus, description: 'How well it is.' }),
    latencyMs: t.float({ nullable: true, description: 'How long it took to answer.' }),
    message: t.string({ nullable: true, description: 'What is wrong.' }),
    details: t.field({ type: 'JSON', description: 'What was measured: pool, hit rate, depth, disk, memory …' }),
  }),
});

const Health = builder.simpleObject('Health', {
  description: 'How well the process that answers is, with all it depends on; at most two seconds old.',
  fields: (t) => ({
    status: t.field({ type: HealthStatus, description: 'As well as its least well part.' }),
    version: t.string({ description: 'The version that runs.' }),
    uptimeSeconds: t.float({ description: 'How long it has run.' }),
    checkedAt: t.field({ type: 'DateTime', description: 'When it was looked at.' }),
    components: t.field({ type: [ComponentHealth], description: 'Part by part.' }),
    warnings: t.stringList({ description: 'What is not well, in words.' }),
  }),
});

builder.queryField('health', (t) =>
  t.field({ type: Health, description: 'How well the server is.', resolve: resolvers.health }),
);

builder.subscriptionField('healthChanged', (t) =>
  t.field({
    type: Health,
    description: 'The health as it is now, then when it changes.',
    subscribe: resolvers.healthChanged,
    resolve: (health) => health,
  }),
);
