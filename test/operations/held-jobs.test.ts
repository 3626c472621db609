import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { write } from '#domain/core/write.ts';
import { prepareRestored } from '#domain/operations/backups/prepare-restored.ts';
import { releaseHeldJobs } from '#domain/operations/held-jobs.ts';
import { message } from '#resolvers/jobs.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';

const directory = mkdtempSync(join(tmpdir(), 'parley-held-'));
afterAll(() => rmSync(directory, { recursive: true }));

describeOnEachDatabase((on) => {
  const { services, newUser, startWorker } = useServices({ on, works: true, env: { BACKUP_DIR: join(directory, on) } });

  it('a restored database holds the jobs that act outside until an operator releases them', async () => {
    const ann = await newUser();
    const enqueue = (kind: 'EMBED_MEMORIES' | 'TITLE_CONVERSATION') =>
      write(ann, { action: 'test', run: async (change) => (await change.enqueue({ kind, payload: {} })).id });
    const [calls, works] = [await enqueue('TITLE_CONVERSATION'), await enqueue('EMBED_MEMORIES')];
    const { TITLE_CONVERSATION } = services.jobKinds;
    const jobKinds = { ...services.jobKinds, TITLE_CONVERSATION: { ...TITLE_CONVERSATION, actsOutside: true } };
    // As in a database that is new: the engine has nothing of it.
    await services.database.pool.query('DELETE FROM pgboss.job');
    const epoch = await services.database.prisma.serverSetting.findUnique({ where: { name: 'epoch' } });

    const prepared = await prepareRestored({ ...services, jobKinds });

    expect(prepared).toEqual({ erasedUsers: 0, heldJobs: 1, heldDeliveries: 0, queuedJobs: 1, missingFiles: [] });
    expect(epoch).not.toBeNull();
    expect(await services.database.prisma.serverSetting.findUnique({ where: { name: 'epoch' } })).toBeNull();
    const ran: string[] = [];
    await startWorker({
      concurrency: { light: 2 },
      runOf: (kind) => async () => void ran.push(kind),
    });
    await until(
      async () => ran,
      (kinds) => kinds.length === 1,
    );
    const job = (id: string) => services.database.prisma.job.findUniqueOrThrow({ where: { id } });
    await until(
      () => job(works),
      ({ status }) => status === 'SUCCEEDED',
    );
    expect(await job(calls)).toMatchObject({ status: 'QUEUED', heldAt: expect.any(Date) });
    expect(message(await job(calls))).toContain('npx parley jobs release');
    const deps = { ...services, actor: SYSTEM_ACTOR };
    expect(await Promise.all([releaseHeldJobs(deps), releaseHeldJobs(deps)])).toContain(1);
    await until(
      () => job(calls),
      ({ status }) => status === 'SUCCEEDED',
    );
    expect(ran).toEqual(['EMBED_MEMORIES', 'TITLE_CONVERSATION']);
    expect(await releaseHeldJobs(deps)).toBe(0);
  }, 60_000);
});
