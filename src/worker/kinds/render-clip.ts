import { removeFiles } from '#domain/episodes/media/files/removed.ts';
import { RenderClipPayload, runRenderClip } from '#domain/episodes/render-clip.ts';
import { renderJobHooks } from '#domain/episodes/render-job-hooks.ts';
import { defineJobKind } from '#worker/job-kind.ts';

export default defineJobKind('RENDER_CLIP', {
  lane: 'renders',
  /** With the backoff for long outages, attempts are spread over ten minutes. */
  maxAttempts: 6,
  actsOutside: false,
  hooks: renderJobHooks,
  payload: RenderClipPayload,
  load: async () => (deps, payload, job) => runRenderClip({ ...deps, ffmpeg: deps.ffmpeg.forClips() }, payload, job),
  afterEnd: (services) => removeFiles(services),
});
