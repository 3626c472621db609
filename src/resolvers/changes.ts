import * as domain from '#domain/changes/changes.ts';
import { Forbidden } from '#domain/core/errors.ts';
import { globalId, type NodeType } from '#domain/core/global-ids.ts';
import type { User } from '#generated/prisma/client.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';
import { changesOfViewer } from '#loaders/changes.ts';
import type { Context } from './context.ts';
import { nodeOf } from './nodes.ts';
import { withFreshLoaders } from './subscriptions.ts';

const NODE_TYPE_OF: Record<ChangeType, NodeType> = {
  CONVERSATION: 'Conversation',
  MEMORY: 'Memory',
  EPISODE: 'Episode',
  CLIP: 'Clip',
  JOB: 'Job',
  API_KEY: 'ApiKey',
  LEAD: 'Lead',
  CAMPAIGN: 'Campaign',
  CALL: 'Call',
  MEETING: 'Meeting',
  WEBHOOK: 'Webhook',
};

/** Returns what of the viewer's has changed since a cursor. */
export const changes = (
  _root: unknown,
  args: domain.ChangesArgs & { after: string; first: number },
  { deps, load }: Context,
) => domain.readChanges(deps, args, (request) => load(changesOfViewer, request));

/** Yields what of the viewer's changes, in batches. */
export const changesLive = (_root: unknown, args: domain.ChangesArgs, ctx: Context) =>
  withFreshLoaders(ctx, (load) => domain.followChanges(ctx.deps, args, (request) => load()(changesOfViewer, request)));

/**
 * Returns the cursor of now. Once for an operation: read before everything else of it, the cursor comes before whatever
 * its lists do not show yet.
 */
export const readChangeCursor = ({ deps, load }: Context) =>
  domain.currentChangeCursor(deps, (request) => load(changesOfViewer, request));

/** Returns the cursor of now, for the viewer only. */
export function changeCursor({ id }: User, _args: unknown, ctx: Context) {
  if (id !== ctx.deps.actor.userId)
    throw new Forbidden('Each user has a cursor of their own: ask for it as that user.');
  return readChangeCursor(ctx);
}

/** Returns the global id of what has changed. */
export const changedId = ({ type, id }: domain.EntityChange) => globalId(NODE_TYPE_OF[type], id);

/** Returns what has changed as it is now; null where it is deleted. */
export const changedNode = ({ type, id, deleted }: domain.EntityChange, _args: unknown, ctx: Context) =>
  deleted ? null : nodeOf(ctx, NODE_TYPE_OF[type], id);
