import * as domain from '#domain/operations/user-export/request-export.ts';
import type { Context } from './context.ts';
import { optionalRowId } from './global-ids.ts';

type Input = Omit<domain.ExportRequest, 'userId'> & { userId?: string | null | undefined };

/** Returns the job that writes the export. */
export const exportUserData = async (_root: unknown, { input }: { input: Input }, { deps }: Context) => ({
  job: await domain.requestExport(deps, {
    ...input,
    userId: optionalRowId(input.userId, 'User', 'input.userId') ?? deps.actor.userId,
  }),
});
