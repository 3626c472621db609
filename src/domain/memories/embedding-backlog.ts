import type { Services } from '#domain/core/deps.ts';
import { ENDED } from '#domain/core/job-states.ts';
import { lockName } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { write } from '#domain/core/write.ts';
import { hasUnembedded } from './embedding.ts';

/**
 * Enqueues one job that embeds all memories without an embedding by the configured model, on behalf of the first ADMIN. Safe to repeat: the
 * first worker to get here enqueues it, and none does while such a job is active.
 */
export async function enqueueEmbeddingBacklog(services: Services): Promise<void> {
  const { database, embedder } = services;
  if (!embedder || !(await hasUnembedded(services, embedder)) || (await isBacklogJobActive(database.prisma))) return;
  const admin = await database.prisma.user.findFirst({
    where: { role: 'ADMIN', suspendedAt: null },
    orderBy: { createdAt: 'asc' },
  });
  if (!admin) return;
  const { id: userId, role } = admin;
  const actor = {
    userId,
    role,
    apiKeyId: null,
    scopes: ['READ', 'WRITE', 'ADMIN'] as const,
    requestId: null,
    ip: null,
  };
  await write(
    { ...services, actor },
    {
      action: 'memory.embed',
      async run({ tx, about, enqueue }) {
        await lockName(tx, 'parley:embed-backlog');
        if (await isBacklogJobActive(tx)) return;
        const { id } = await enqueue({ kind: 'EMBED_MEMORIES', payload: { all: true } });
        about({ type: 'Job', id });
      },
    },
  );
}

/** Whether a job for all memories is active. Jobs for a single memory have it as their subject. */
async function isBacklogJobActive(tx: Pick<Tx, 'job'>): Promise<boolean> {
  const where = { subjectId: null, status: { notIn: [...ENDED] } };
  return (await tx.job.count({ where: { kind: 'EMBED_MEMORIES', ...where } })) > 0;
}
