import * as domain from '#domain/operations/old-conversations.ts';
import type { Context } from './context.ts';

type Input = { olderThanDays: number; dryRun: boolean; idempotencyKey?: string | null | undefined };

/** Returns how many conversations are that old, and the job that deletes them. */
export const cleanUpConversations = (_root: unknown, { input }: { input: Input }, { deps }: Context) =>
  domain.requestCleanUp(deps, input);
