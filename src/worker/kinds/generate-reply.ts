import { z } from 'zod';
import { generateReply } from '#domain/conversations/replies/generate-reply.ts';
import { defineHandler } from '#worker/job-kind.ts';

export const generateReplyHandler = defineHandler({
  payload: z.object({ replyId: z.uuid(), userMessageId: z.uuid() }),
  run: generateReply,
});
