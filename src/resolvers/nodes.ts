import { brandWithType } from '@pothos/core';
import { BadUserInput } from '#domain/core/errors.ts';
import type { NodeType } from '#domain/core/global-ids.ts';
import { apiKeyById } from '#loaders/api-keys.ts';
import { auditEntryById } from '#loaders/audit.ts';
import { backupById } from '#loaders/backups.ts';
import { callById } from '#loaders/calls.ts';
import { campaignById } from '#loaders/campaigns.ts';
import { clipById, feedbackById } from '#loaders/clips.ts';
import { conversationById } from '#loaders/conversations.ts';
import { episodeById } from '#loaders/episodes.ts';
import { jobById } from '#loaders/jobs.ts';
import { leadById } from '#loaders/leads.ts';
import type { LoaderDefinition } from '#loaders/loader.ts';
import { meetingById } from '#loaders/meetings.ts';
import { memoryById } from '#loaders/memories.ts';
import { messageById } from '#loaders/messages.ts';
import { segmentById } from '#loaders/transcript-segments.ts';
import { userById } from '#loaders/users.ts';
import { deliveryById, webhookById } from '#loaders/webhooks.ts';
import type { Context } from './context.ts';
import { parseGlobalId } from './global-ids.ts';

/** How many objects `nodes` finds at once. */
export const MAX_IDS = 100;

const loaders: Record<NodeType, LoaderDefinition<string, object | null>> = {
  User: userById,
  ApiKey: apiKeyById,
  AuditEntry: auditEntryById,
  Conversation: conversationById,
  Message: messageById,
  Memory: memoryById,
  Episode: episodeById,
  TranscriptSegment: segmentById,
  Clip: clipById,
  Feedback: feedbackById,
  Job: jobById,
  Lead: leadById,
  Backup: backupById,
  Campaign: campaignById,
  Call: callById,
  Meeting: meetingById,
  Webhook: webhookById,
  WebhookDelivery: deliveryById,
};

/** A row of any type, as far as the viewer may see it; branded, so that GraphQL knows its type. */
export async function nodeOf({ load }: Context, type: NodeType, id: string): Promise<object | null> {
  const row = await load(loaders[type], id);
  if (row) brandWithType(row, type as never);
  return row;
}

/** Returns an object of any type; null where it is missing or somebody else's. */
export function node(_root: unknown, args: { id: string }, ctx: Context) {
  const { type, id } = parseGlobalId(args.id, 'id');
  return nodeOf(ctx, type, id);
}

/** Returns objects of any types in the order of their ids, null for each that is missing or somebody else's. */
export function nodes(_root: unknown, { ids }: { ids: readonly string[] }, ctx: Context) {
  if (ids.length > MAX_IDS) throw new BadUserInput('ids', `Give at most ${MAX_IDS} ids at once.`);
  const parsed = ids.map((id, index) => parseGlobalId(id, `ids.${index}`));
  return parsed.map(({ type, id }) => nodeOf(ctx, type, id));
}
