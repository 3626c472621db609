import type { Client } from './client.ts';
import { HealthNow } from './operations.ts';
import { until } from './until.ts';

/** Counts the channels that the server listens to for its subscribers: by its next look at itself, at most two seconds from now. */
export async function countOpenChannels(admin: Client): Promise<number> {
  const askedAt = Date.now();
  const { health } = await until(
    () => admin.ask(HealthNow),
    (answer) => Date.parse(answer.health.checkedAt) > askedAt,
  );
  const { details } = health.components.find(({ name }) => name === 'pubsub') ?? {};
  return (details as { channels: number }).channels;
}
