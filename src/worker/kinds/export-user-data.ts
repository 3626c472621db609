import { z } from 'zod';
import { removeFiles } from '#domain/episodes/media/files/removed.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('EXPORT_USER_DATA', {
  lane: 'long',
  maxAttempts: 6,
  hooks: {},
  actsOutside: false,
  payload: z.object({ userId: z.uuid() }),
  load: async () => (await import('#domain/operations/user-export/export-user.ts')).runUserExport,
  afterEnd: (services) => removeFiles(services),
});
