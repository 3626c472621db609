import { z } from 'zod';
import { uploadJobHooks } from '#domain/core/upload-job-hooks.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('IMPORT_CONVERSATIONS', {
  lane: 'long',
  maxAttempts: 3,
  hooks: uploadJobHooks,
  actsOutside: false,
  payload: z.object({ uploadId: z.uuid() }),
  load: async () => (await import('#domain/conversations/import/import-conversations.ts')).importConversations,
});
