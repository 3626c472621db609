import { z } from 'zod';
import { titleConversation } from '#domain/conversations/replies/title-conversation.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('TITLE_CONVERSATION', {
  lane: 'light',
  maxAttempts: 3,
  hooks: {},
  actsOutside: false,
  payload: z.object({ conversationId: z.uuid(), userMessageId: z.uuid(), replyId: z.uuid() }),
  run: titleConversation,
});
