import { z } from 'zod';
import { replyJobHooks } from '#domain/conversations/replies/reply-job-hooks.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('GENERATE_REPLY', {
  lane: 'replies',
  maxAttempts: 3,
  hooks: replyJobHooks,
  actsOutside: false,
  payload: z.object({ replyId: z.uuid(), userMessageId: z.uuid() }),
  load: async () => (await import('#domain/conversations/replies/generate-reply.ts')).generateReply,
});
