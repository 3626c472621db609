import * as resolvers from '#resolvers/clips.ts';
import { jobEdge } from '#resolvers/jobs.ts';
import { builder } from './builder.ts';
import { Clip, ClipConnection } from './clips.ts';
import { payloadEdge } from './connection.ts';
import { type InputFields, idempotencyKey } from './inputs.ts';
import { Job, JobConnection, JobPriority } from './jobs.ts';

const ClipFraming = builder.enumType('ClipFraming', {
  description: 'How a video is fitted into a frame with another aspect ratio.',
  values: {
    BARS: { description: 'The whole video is visible, in front of a blurred copy that fills the frame.' },
    CROP: { description: 'The middle of the video fills the frame; its sides are cropped.' },
  },
});

builder.relayMutationField(
  'renderClip',
  {
    description: 'The clip to render, with options.',
    inputFields: (t: InputFields) => ({
      clipId: t.id({ required: true, description: 'The id of the clip to render.' }),
      startSeconds: t.float({
        description:
          'A new start of the clip, in seconds from the start of the recording, with the same effect as in `trimClip`.',
      }),
      endSeconds: t.float({
        description:
          'A new end of the clip, in seconds from the start of the recording, with the same effect as in `trimClip`.',
      }),
      burnCaptions: t.boolean({
        defaultValue: false,
        description: 'Whether captions are burnt into the video. Requires a picture: a video recording, or `vertical`.',
      }),
      vertical: t.boolean({
        defaultValue: false,
        description:
          'Whether to render a vertical video (9:16). For an audio recording, the picture is drawn from its waveform.',
      }),
      framing: t.field({
        type: ClipFraming,
        defaultValue: 'BARS',
        description: 'How a video with another aspect ratio is fitted into 9:16.',
      }),
      priority: t.field({
        type: JobPriority,
        defaultValue: 'NORMAL',
        description: 'The priority of the job. URGENT requires scope ADMIN.',
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Starts a job that renders a clip from its recording, as M4A, or as MP4 if it has a picture, normalized to -14 LUFS; follow it with `jobProgress`. The same input yields the same file; a different input replaces the file. Errors: NOT_FOUND, CONFLICT (the episode is archived or has no recording, or the clip is being rendered), QUOTA_EXCEEDED, QUEUE_FULL, IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.renderClip,
  },
  {
    description: 'The job that was queued.',
    outputFields: (t) => ({
      job: t.expose('job', { type: Job, description: 'The job that renders the file.' }),
      clip: t.expose('clip', {
        type: Clip,
        description: 'The clip. Its media file is available once the job has SUCCEEDED.',
      }),
      jobEdge: payloadEdge(t, JobConnection.edge, 'jobs', jobEdge),
      clipEdge: payloadEdge(t, ClipConnection.edge, 'clips', resolvers.clipEdge),
    }),
  },
);
