// The names of the pub/sub channels, shared by publishers and subscribers.

/** New messages of a conversation, and its end. */
export const messageChannel = (conversationId: string) => `conversation:${conversationId}`;
/** Updates of the messages of a conversation, such as a new status, and its end. */
export const messageUpdateChannel = (conversationId: string) => `message-updates:${conversationId}`;
/** The text of a message, while it is written, and how it ends. */
export const replyChannel = (messageId: string) => `reply:${messageId}`;
/** Every change of one job. */
export const jobChannel = (jobId: string) => `job:${jobId}`;
/** Every change of a user's jobs. */
export const userJobsChannel = (userId: string) => `jobs-of:${userId}`;
/** Wakes the one worker that runs the job; its readers are told under `jobChannel`. */
export const jobCancelChannel = (jobId: string) => `job-cancel:${jobId}`;
/** The lane's workers may have something to do. */
export const laneChannel = (lane: string) => `lane:${lane}`;
/** Every change of an episode, and its end. */
export const episodeChannel = (episodeId: string) => `episode:${episodeId}`;
/** Every change of a campaign and of its leads. */
export const campaignChannel = (campaignId: string) => `campaign:${campaignId}`;
/** Another request has taken over an upload: the one before it ends. */
export const uploadChannel = (fileId: string) => `upload:${fileId}`;
/** Every change of anything that belongs to a user. */
export const changesChannel = (userId: string) => `changes-of:${userId}`;
/** A call was ended here: whoever carries it over a socket hangs up. */
export const callEndChannel = (callId: string) => `call-end:${callId}`;
/** A call has a deadline that may be earlier than all others. There is a single list of deadlines, so the id is arbitrary. */
export const CALL_DEADLINES_CHANNEL = 'call-deadlines:00000000-0000-0000-0000-000000000000';
/** A job was enqueued or changed its status. There is a single queue, so the id is arbitrary. */
export const QUEUE_CHANNEL = 'queue:00000000-0000-0000-0000-000000000000';
/** There may be deliveries to webhooks that are due. With PostgreSQL it is a channel of NOTIFY, and nobody hears it otherwise. */
export const WEBHOOKS_CHANNEL = 'webhooks';
/** A user was erased. */
export const ERASURES_CHANNEL = 'erasures';
/** A key of the installation was rotated or revoked. */
export const API_KEYS_CHANNEL = 'api-keys';

/** The channels on which a change of a job is published. */
export function jobChannels({ id, requestedById }: { id: string; requestedById: string | null }): string[] {
  return requestedById ? [jobChannel(id), userJobsChannel(requestedById)] : [jobChannel(id)];
}

/** How the safety net detects changes on the channels of one kind when a wake was lost. Each channel is named after an id. */
export type ChannelKind = {
  /** The part of the channel's name before the id. */
  prefix: string;
  /** An SQL expression over `k.id`, a uuid, whose value differs after each change that is published there. */
  version: string;
};

/** The latest timestamp alone would not do: transactions do not commit in the order in which they begin. */
const RECENT_CHANGES = `concat(sum(version), ' ', max(updated_at)) FROM jobs WHERE updated_at > now() - interval '10 minutes'`;

/** The channels that subscribers follow. `xmin` is the transaction that wrote a row last. */
export const FOLLOWED_CHANNELS: readonly ChannelKind[] = [
  { prefix: messageChannel(''), version: '(SELECT last_sequence FROM conversations WHERE id = k.id)' },
  { prefix: messageUpdateChannel(''), version: '(SELECT last_update FROM conversations WHERE id = k.id)' },
  { prefix: replyChannel(''), version: '(SELECT xmin FROM messages WHERE id = k.id)' },
  { prefix: jobChannel(''), version: '(SELECT version FROM jobs WHERE id = k.id)' },
  {
    prefix: userJobsChannel(''),
    version: `(SELECT ${RECENT_CHANGES} AND requested_by_id = k.id)`,
  },
  { prefix: 'queue:', version: `(SELECT ${RECENT_CHANGES})` },
  { prefix: episodeChannel(''), version: '(SELECT xmin FROM episodes WHERE id = k.id)' },
  { prefix: campaignChannel(''), version: '(SELECT version FROM campaigns WHERE id = k.id)' },
  { prefix: callEndChannel(''), version: '(SELECT status FROM calls WHERE id = k.id)' },
  { prefix: changesChannel(''), version: '(SELECT number FROM revisions WHERE user_id = k.id)' },
];
