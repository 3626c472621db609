import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import * as domain from '#domain/operations/old-conversations.ts';
import type { Context } from './context.ts';

type Input = WithIdempotencyKey & { olderThanDays: number; dryRun: boolean };

/** Returns how many conversations are that old, and the job that deletes them. */
export const cleanUpConversations = (_root: unknown, { input }: { input: Input }, { deps }: Context) =>
  domain.requestCleanUp(deps, input);
