import { z } from 'zod';
import { uploadJobHooks } from '#domain/core/upload-job-hooks.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('IMPORT_LEADS', {
  lane: 'long',
  maxAttempts: 3,
  hooks: uploadJobHooks,
  actsOutside: false,
  payload: z.object({
    uploadId: z.uuid(),
    charset: z.string().nullable(),
    language: z.string(),
    timeZone: z.string().nullable(),
  }),
  load: async () => (await import('#domain/sales/import/import-lead-file.ts')).importLeadFile,
});
