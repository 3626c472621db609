import { once } from 'node:events';
import { expect, it } from 'vitest';
import { countFor, createTally } from '#adapters/database/tally.ts';
import { createConversation } from '#domain/conversations/conversations.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';

const SIZE = 4;

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on, env: { DATABASE_POOL_SIZE: String(SIZE) } });
  const as = <T>(userId: string | null, work: () => Promise<T>) =>
    countFor([{ ...createTally(null), userId }], () => work());

  /** Takes a connection for a user, and holds it. */
  const checkOut = (userId: string | null) => as(userId, () => services.database.pool.connect());

  it('leaves half of the connections to others, whatever one user asks for', async () => {
    const held = await Promise.all([checkOut('ann'), checkOut('ann')]);
    const waiting = [checkOut('ann'), checkOut('ann')];
    for (const read of [
      () => as('bob', () => services.database.pool.query('SELECT 1')),
      () => as('bob', () => services.database.prisma.user.count()),
      () => as(null, () => services.database.sql('SELECT 1')),
    ])
      await read();
    for (const client of held) client.release();
    for (const client of await Promise.all(waiting)) client.release();
  });

  it('serves a user in turn, and tells one who waits too long that the database is busy', async () => {
    const held = await Promise.all([checkOut('ann'), checkOut('ann')]);
    const order: string[] = [];
    const first = checkOut('ann').then((client) => {
      order.push('first');
      client.release();
    });
    const second = checkOut('ann').then((client) => {
      order.push('second');
      client.release();
    });
    held[0]?.release();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    const another = await checkOut('ann');
    await expect(checkOut('ann')).rejects.toThrow(/^timeout exceeded when trying to connect$/);
    another.release();
    held[1]?.release();
    await as('ann', () => Promise.all(Array.from({ length: 3 * SIZE }, () => services.database.prisma.user.count())));
  });

  it('a write returns its row, although others of its user come next', async () => {
    const deps = await newUser();
    const { userId } = deps.actor;
    const held = await checkOut(userId);
    const begun = once(services.database.pool, 'acquire');
    const written = as(userId, () => createConversation(deps, { title: 'written' }));
    await begun;
    const next = [checkOut(userId), checkOut(userId)]; // the first of them gets the connection of the write
    expect(await written).toMatchObject({ title: 'written' });
    held.release();
    for (const client of await Promise.all(next)) client.release();
  });
});
