import type { Deps, Services } from '#domain/core/deps.ts';
import { QueueFull } from '#domain/core/errors.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { write } from '#domain/core/write.ts';
import type { MediaFile } from '#generated/prisma/client.ts';
import { enqueueProcessing, finishUpload } from './finish.ts';
import { storedBytes } from './uploads.ts';

/**
 * Finishes uploads whose bytes are all there, and enqueues jobs for recordings that have none: what a process that died behind the
 * last byte has left to do, or a full queue. Safe to repeat, by several processes at once.
 */
export async function settleUploads(services: Services): Promise<void> {
  const { database, log } = services;
  const open = await database.prisma.mediaFile.findMany({ where: { kind: 'ORIGINAL', state: 'UPLOADING' } });
  for (const file of open) {
    try {
      if ((await storedBytes(services, file)) === Number(file.sizeBytes))
        await finishUpload(actingFor(services, file.ownerId), file);
    } catch (error) {
      log.warn({ err: error, fileId: file.id }, 'an upload cannot be finished; this is tried again');
    }
  }
  await enqueueWaiting(services);
}

async function enqueueWaiting(services: Services): Promise<void> {
  const waiting = await services.database.sql<{ id: string; ownerId: string }>(WAITING);
  for (const { id, ownerId } of waiting) {
    const deps = actingFor(services, ownerId);
    try {
      await write(deps, {
        action: 'episode.process',
        async run({ tx, about, enqueue }) {
          await lockRow(tx, 'episodes', id);
          const episode = await tx.episode.findUnique({ where: { id } });
          if (episode && (await enqueueProcessing({ tx, enqueue }, episode))) about({ type: 'Episode', id });
        },
      });
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
    }
  }
}

/** Recordings that nobody has looked at: of the last week, since what a job has left is not begun again when the job is forgotten. */
const WAITING = /* sql */ `
SELECT e.id, e.owner_id AS "ownerId" FROM media_files f JOIN episodes e ON e.id = f.episode_id
WHERE f.kind = 'ORIGINAL' AND f.state = 'STORED' AND f.content_type IS NULL
  AND e.status = 'UPLOADED' AND e.archived_at IS NULL AND e.uploaded_at > now() - interval '7 days'
  AND NOT EXISTS (SELECT FROM jobs j WHERE j.subject_id = e.id AND j.queued_at >= e.uploaded_at)
ORDER BY e.uploaded_at`;

/** What the server does for a user by itself, it does as that user. */
function actingFor(services: Services, userId: MediaFile['ownerId']): Deps {
  const actor = { userId, role: 'USER', apiKeyId: null, scopes: ['READ', 'WRITE'], requestId: null, ip: null } as const;
  return { ...services, actor };
}
