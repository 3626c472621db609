import type { Services } from '#domain/core/deps.ts';
import { lockName } from '#domain/core/row-locks.ts';
import { write } from '#domain/core/write.ts';

/**
 * Enqueues the clean-up of files, in the name of the first ADMIN who is not suspended, unless one was enqueued within the last
 * `intervalHours` or there never was a file. Safe to repeat, by several processes at once.
 */
export async function scheduleFilesCleanUp(services: Services, intervalHours: number): Promise<void> {
  const { prisma } = services.database;
  const since = new Date(services.now().getTime() - intervalHours * 3_600_000);
  const recent = { where: { kind: 'CLEAN_UP_FILES', queuedAt: { gt: since } } } as const;
  if ((await prisma.job.count(recent)) > 0 || !(await hasFiles(services))) return;
  const admin = await prisma.user.findFirst({
    where: { role: 'ADMIN', suspendedAt: null },
    orderBy: { createdAt: 'asc' },
  });
  if (!admin) return;
  const scopes = ['READ', 'WRITE', 'ADMIN'] as const;
  const actor = { userId: admin.id, role: admin.role, apiKeyId: null, scopes, requestId: null, ip: null };
  await write(
    { ...services, actor },
    {
      action: 'files.clean-up',
      async run({ tx, about, enqueue }) {
        await lockName(tx, 'parley:clean-up-files');
        if ((await tx.job.count(recent)) > 0) return;
        const { id } = await enqueue({ kind: 'CLEAN_UP_FILES', payload: {} });
        about({ type: 'Job', id });
      },
    },
  );
}

async function hasFiles({ database: { prisma } }: Services): Promise<boolean> {
  if ((await prisma.mediaFile.findFirst()) || (await prisma.removedFile.findFirst())) return true;
  return (await prisma.userExport.findFirst()) !== null;
}
