import { globalId, NODE_TYPES } from '#domain/core/global-ids.ts';
import type { WebhookEvent } from '#domain/core/webhook-events.ts';
import type { Call, Campaign, Clip, Episode, Job, Lead, Meeting, Message } from '#generated/prisma/client.ts';

// What the events say. docs/webhooks.md has an example of each.

/** A reply has ended. */
export const replyFinished = ({
  id,
  ownerId,
  conversationId,
  status,
}: Pick<Message, 'id' | 'ownerId' | 'conversationId' | 'status'>): WebhookEvent => ({
  ownerId,
  type: 'REPLY_FINISHED',
  data: { messageId: globalId('Message', id), conversationId: globalId('Conversation', conversationId), status },
});

/** An episode was processed, or its processing has failed for good. */
export const episodeProcessed = ({
  id,
  ownerId,
  status,
  errorCode,
}: Pick<Episode, 'id' | 'ownerId' | 'status' | 'errorCode'>): WebhookEvent => ({
  ownerId,
  type: status === 'READY' ? 'EPISODE_READY' : 'EPISODE_FAILED',
  data: { episodeId: globalId('Episode', id), status, errorCode },
});

/** The file of a clip is there. */
export const clipRendered = (
  { id, ownerId, episodeId }: Pick<Clip, 'id' | 'ownerId' | 'episodeId'>,
  file: { durationSeconds: number; bytes: number },
): WebhookEvent => ({
  ownerId,
  type: 'CLIP_RENDERED',
  data: { clipId: globalId('Clip', id), episodeId: globalId('Episode', episodeId), ...file },
});

/** A job of a user has ended. */
export const jobEnded = (
  ownerId: string,
  { id, kind, status, errorCode, subjectType, subjectId }: Job,
): WebhookEvent => {
  const subject = NODE_TYPES.find((type) => type === subjectType);
  return {
    ownerId,
    type: status === 'FAILED' ? 'JOB_FAILED' : 'JOB_FINISHED',
    data: {
      jobId: globalId('Job', id),
      kind,
      status,
      subjectId: subject && subjectId ? globalId(subject, subjectId) : null,
      errorCode,
    },
  };
};

/** All of a file that was uploaded is imported. */
export const importFinished = (
  ownerId: string,
  { id: jobId }: Pick<Job, 'id'>,
  report: { of: 'CONVERSATIONS' | 'LEADS' } & Record<string, string | number>,
): WebhookEvent => ({ ownerId, type: 'IMPORT_FINISHED', data: { jobId: globalId('Job', jobId), ...report } });

/** A call is over, whether or not it was answered. */
export const callEnded = (call: Call): WebhookEvent => ({
  ownerId: call.ownerId,
  type: 'CALL_ENDED',
  data: {
    callId: globalId('Call', call.id),
    leadId: globalId('Lead', call.leadId),
    campaignId: call.campaignId && globalId('Campaign', call.campaignId),
    direction: call.direction,
    status: call.status,
    outcome: call.outcome,
    answeredBy: call.answeredBy,
    durationSeconds:
      call.startedAt && call.endedAt ? (call.endedAt.getTime() - call.startedAt.getTime()) / 1_000 : null,
    errorCode: call.errorCode,
  },
});

/** A meeting was booked, moved or cancelled. */
export const meetingChanged = (
  type: 'MEETING_BOOKED' | 'MEETING_MOVED' | 'MEETING_CANCELLED',
  { id, ownerId, leadId, callId, startsAt, endsAt }: Meeting,
): WebhookEvent => ({
  ownerId,
  type,
  data: {
    meetingId: globalId('Meeting', id),
    leadId: globalId('Lead', leadId),
    callId: callId && globalId('Call', callId),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
  },
});

/** A lead is not to be called any more. */
export const leadRefused = ({ id, ownerId }: Pick<Lead, 'id' | 'ownerId'>, callId: string | null): WebhookEvent => ({
  ownerId,
  type: 'LEAD_REFUSED',
  data: { leadId: globalId('Lead', id), callId: callId && globalId('Call', callId) },
});

/** A campaign has called all of its leads. */
export const campaignFinished = (
  { id, ownerId }: Pick<Campaign, 'id' | 'ownerId'>,
  counts: { reached: number; notReached: number; blocked: number; meetingsBooked: number },
): WebhookEvent => ({
  ownerId,
  type: 'CAMPAIGN_FINISHED',
  data: { campaignId: globalId('Campaign', id), ...counts },
});
