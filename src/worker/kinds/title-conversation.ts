import { z } from 'zod';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('TITLE_CONVERSATION', {
  lane: 'light',
  maxAttempts: 3,
  hooks: {},
  actsOutside: false,
  payload: z.object({ conversationId: z.uuid(), userMessageId: z.uuid(), replyId: z.uuid() }),
  load: async () => (await import('#domain/conversations/replies/title-conversation.ts')).titleConversation,
});
