// The names of the channels under which changes are announced: publisher and readers meet here.

/** New messages of a conversation, and its end. */
export const messageChannel = (conversationId: string) => `conversation:${conversationId}`;
/** The text of a message, while it is written, and how it ends. */
export const replyChannel = (messageId: string) => `reply:${messageId}`;
/** Every change of one job. */
export const jobChannel = (jobId: string) => `job:${jobId}`;
/** Every change of a user's jobs. */
export const userJobsChannel = (userId: string) => `jobs-of:${userId}`;
/** Wakes the one worker that runs the job; its readers are told under `jobChannel`. */
export const jobCancelChannel = (jobId: string) => `job-cancel:${jobId}`;
/** There may be something to do for the lane's workers. */
export const laneChannel = (lane: string) => `lane:${lane}`;
/** Every change of an episode, and its end. */
export const episodeChannel = (episodeId: string) => `episode:${episodeId}`;
/** A key of the installation was rotated or revoked. */
export const API_KEYS_CHANNEL = 'api-keys';

/** Where the readers of a job are told of a change. */
export function jobChannels({ id, requestedById }: { id: string; requestedById: string | null }): string[] {
  return requestedById ? [jobChannel(id), userJobsChannel(requestedById)] : [jobChannel(id)];
}
