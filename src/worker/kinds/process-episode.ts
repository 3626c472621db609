import { episodeJobHooks } from '#domain/episodes/episode-job-hooks.ts';
import { removeFiles } from '#domain/episodes/media/files/removed.ts';
import { ProcessEpisodePayload } from '#domain/episodes/processing-payload.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('PROCESS_EPISODE', {
  lane: 'long',
  /** With the backoff for long outages, attempts are spread over ten minutes. */
  maxAttempts: 6,
  hooks: episodeJobHooks,
  actsOutside: false,
  payload: ProcessEpisodePayload,
  load: async () => (await import('#domain/episodes/process-episode.ts')).processEpisode,
  afterEnd: (services) => removeFiles(services),
});
