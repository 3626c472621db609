import { expect, it } from 'vitest';
import { AWAITED, runTransaction } from '#domain/core/transaction.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';
import { startStopwatch } from '../support/stopwatch.ts';

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on });

  it.each([
    ['by Prisma', () => services.database.prisma.user.count()],
    ['by a named statement', () => services.database.sql('SELECT 1', [])],
    ['by the pool', () => services.database.pool.query('SELECT 1')],
    ['by another transaction', () => runTransaction(services, AWAITED, ({ tx }) => tx.user.count())],
  ])('a transaction gets no second connection, %s', async (_way, read) => {
    const deps = await newUser();
    const elapsedMs = startStopwatch();
    const refused = runTransaction(deps, AWAITED, async ({ tx }) => {
      await tx.user.update({ where: { id: deps.actor.userId }, data: { displayName: 'half done' } });
      await read();
    });
    await expect(refused).rejects.toThrow(/second connection/);
    expect(elapsedMs()).toBeLessThan(AWAITED.timeoutMs / 2);
    const user = await services.database.prisma.user.findUnique({ where: { id: deps.actor.userId } });
    expect(user?.displayName).not.toBe('half done');
  });

  it('leaves what a transaction began to a connection of its own once it has ended', async () => {
    const deps = await newUser();
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const later = await runTransaction(deps, AWAITED, async ({ tx }) => {
      await tx.user.count();
      return { count: ended.then(() => services.database.prisma.user.count()) };
    });
    end();
    expect(await later.count).toBeGreaterThan(0);
  });
});
