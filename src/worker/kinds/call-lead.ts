import { z } from 'zod';
import { callJobHooks } from '#domain/sales/calls/dialling/call-job-hooks.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('CALL_LEAD', {
  lane: 'calls',
  maxAttempts: 8,
  actsOutside: true,
  hooks: callJobHooks,
  payload: z.object({ callId: z.uuid() }),
  load: async () => (await import('#domain/sales/calls/dialling/dial.ts')).dialCall,
});
