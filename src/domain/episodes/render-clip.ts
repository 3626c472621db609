import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Scratch } from '#adapters/files/file-store.ts';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { LongOutage } from '#domain/core/errors.ts';
import type { JobChange } from '#domain/core/job-hooks.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { AttemptEnded, type RunningJob } from '#domain/jobs/running-job.ts';
import { clipRendered } from '#domain/webhooks/events.ts';
import type { Clip, MediaFile } from '#generated/prisma/client.ts';
import { ClipStatus } from '#generated/prisma/enums.ts';
import { KEPT_DECISIONS } from './clips/clip-statuses.ts';
import { findRecording, type Recording } from './media/checks/check-recording.ts';
import { drawPart, measureFile } from './media/file-threads.ts';
import { assertRoom, findFile, storeFile } from './media/files/files.ts';
import { openScratch } from './media/files/open-scratch.ts';
import { FRAMINGS } from './media/renders/picture.ts';
import { type Rendered, renderClip } from './media/renders/render.ts';
import { extractSound } from './media/sound/extract.ts';
import { decodePages, readSegmentPages } from './transcripts/segments/pages.ts';
import type { ParsedSegment } from './transcripts/segments/segments.ts';

/** The payload of a RENDER_CLIP job; the clip returns to `previousStatus` if the job is cancelled. */
export const RenderClipPayload = z.object({
  clipId: z.uuid(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  burnCaptions: z.boolean(),
  vertical: z.boolean(),
  framing: z.enum(FRAMINGS).default('BARS'),
  previousStatus: z.enum(ClipStatus),
});
export type RenderClipPayload = z.output<typeof RenderClipPayload>;

/** To be raised whenever the same input results in another file. */
const RENDERER = 4;

/** The details of a render's row, by which the same input finds its file again. */
const RenderDetails = z.looseObject({ input: z.string() });

/** Bytes: a minute of video takes 60 MB at most, and is there twice for a moment. */
const ROOM_BYTES = 300_000_000;

/**
 * Renders a clip into a file (`media/renders/render.ts`), with the picture of its sound, and makes it READY, unless its user has approved
 * or published it. The same input has the same file: what is there already is not made again. May run twice with one effect. Throws
 * UNSUPPORTED_MEDIA, NotSetUp, Unavailable, AttemptEnded, QUOTA_EXCEEDED, StoreFull, the signal's reason.
 */
export async function runRenderClip(deps: Deps, payload: RenderClipPayload, job: RunningJob): Promise<void> {
  const { prisma } = deps.database;
  const clip = await prisma.clip.findFirst({ where: { id: payload.clipId, ownerId: deps.actor.userId } });
  const recording = clip && (await findRecording(deps.database.prisma, clip.episodeId));
  if (!clip || !recording) throw new AttemptEnded('targetGone');
  const transcriptId = await findTranscriptId(prisma, clip.episodeId);
  const captions = payload.burnCaptions ? await readCaptions(deps, clip.episodeId, payload, job.signal) : null;
  const input = describeInput(payload, recording.file, captions);
  const place = { episodeId: clip.episodeId, clipId: clip.id, kind: 'RENDER' } as const;
  const before = await findFile(prisma, place);
  if (before && RenderDetails.safeParse(before.details).data?.input === input)
    return job.finish((change) => makeReady(change, payload, { ...before, transcriptId }, readResult(before)));
  if ((await deps.files.freeBytes()) < ROOM_BYTES)
    throw new LongOutage('The server has no room left to render this clip; it is tried again later.');
  const scratch = await openScratch(deps, job);
  try {
    job.reportProgress({ fraction: 0, stage: 'rendering', message: 'Cutting the clip.' });
    const rendered = await renderClip(deps.ffmpeg, {
      startSeconds: payload.startSeconds,
      endSeconds: payload.endSeconds,
      input: {
        path: await deps.files.localPath(recording.file.storageKey, scratch, job.signal),
        demuxer: recording.demuxer,
      },
      audio: recording.audio,
      video: recording.video,
      vertical: payload.vertical,
      framing: payload.framing,
      captions,
      scratch,
      signal: job.signal,
      onProgress: (fraction) =>
        job.reportProgress({ fraction: 0.95 * fraction, stage: 'rendering', message: 'Cutting the clip.' }),
    });
    await storeClipWaveform(deps, job, { clip, payload, rendered, scratch });
    const result = { ...toResult(rendered), burnCaptions: payload.burnCaptions };
    const file = await storeFile(
      deps,
      job,
      { ...place, localPath: rendered.path, contentType: rendered.contentType },
      async ({ tx }, { id }) =>
        void (await tx.mediaFile.update({ where: { id }, data: { details: { input, ...result } } })),
    );
    await job.finish((change) => makeReady(change, payload, { ...file, transcriptId }, result));
  } finally {
    await scratch.remove();
  }
}

/** The figures in the job's result. */
type RenderResult = ReturnType<typeof toResult> & { burnCaptions: boolean };

const toResult = ({ durationSeconds, size, loudness, warnings }: Rendered) => ({
  durationSeconds,
  width: size?.width ?? null,
  height: size?.height ?? null,
  loudnessLufs: Number.isFinite(loudness.integrated) ? loudness.integrated : null,
  truePeakDb: Number.isFinite(loudness.truePeak) ? loudness.truePeak : null,
  warnings,
});

function readResult({ details }: MediaFile): RenderResult {
  const { input: _input, ...result } = details as RenderResult & { input: string };
  return result;
}

/** A file, and the transcript that there was when its captions were read. */
type CaptionedFile = MediaFile & { transcriptId: string | null };

async function makeReady(
  { tx, publish, changed, emit }: JobChange,
  { clipId: id, startSeconds, endSeconds, burnCaptions, previousStatus }: RenderClipPayload,
  { episodeId, transcriptId, ...file }: CaptionedFile,
  result: RenderResult,
) {
  await lockRow(tx, 'episodes', episodeId);
  const clip = await tx.clip.findUnique({ where: { id } });
  if (!clip) throw new AttemptEnded('targetGone');
  const { ownerId } = clip;
  const isMoved = clip.startSeconds !== startSeconds || clip.endSeconds !== endSeconds;
  const renderOutOfDate = isMoved || (burnCaptions && (await findTranscriptId(tx, episodeId)) !== transcriptId);
  const status = KEPT_DECISIONS.find((decision) => decision === previousStatus) ?? 'READY';
  await tx.clip.update({ where: { id }, data: { status, renderOutOfDate } });
  changed({ ownerId, type: 'CLIP', id });
  publish(episodeChannel(episodeId));
  const bytes = Number(file.sizeBytes);
  emit(clipRendered(clip, { durationSeconds: result.durationSeconds, bytes }));
  return { ...result, bytes };
}

/** Returns the id of an episode's transcript; null where it has none. */
const findTranscriptId = async (db: Pick<Tx, 'transcript'>, episodeId: string): Promise<string | null> =>
  (await db.transcript.findUnique({ where: { episodeId }, select: { id: true } }))?.id ?? null;

/** Returns the segments of a transcript that overlap a range of seconds. */
async function readCaptions(
  deps: Deps,
  episodeId: string,
  { startSeconds, endSeconds }: RenderClipPayload,
  signal: AbortSignal,
): Promise<ParsedSegment[]> {
  const range = { startSeconds, endSeconds };
  return [...decodePages(await readSegmentPages(deps, episodeId, { range, signal }))];
}

/** A hash of everything that a file depends on. */
function describeInput(
  { startSeconds, endSeconds, burnCaptions, vertical, framing }: RenderClipPayload,
  { id, sha256 }: Recording['file'],
  captions: readonly ParsedSegment[] | null,
): string {
  const all = [RENDERER, id, sha256, startSeconds, endSeconds, burnCaptions, vertical, framing, captions];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/** Draws the sound of the finished file, whose edges may be others than those that were suggested. */
async function storeClipWaveform(
  deps: Deps,
  job: RunningJob,
  {
    clip,
    payload: { startSeconds, endSeconds },
    rendered,
    scratch,
  }: { clip: Clip; payload: RenderClipPayload; rendered: Rendered; scratch: Scratch },
): Promise<void> {
  const outputPath = scratch.path('clip-sound');
  await extractSound(deps.ffmpeg, {
    input: { path: rendered.path, demuxer: 'mov' },
    stream: { index: rendered.size ? 1 : 0, channels: 2 },
    outputPath,
    maxSeconds: rendered.durationSeconds + 1,
    signal: job.signal,
    assertRoom: (bytes) => assertRoom(deps, bytes),
    onProgress: () => {},
  });
  const measured = await measureFile(deps, outputPath, job.signal);
  const localPath = scratch.path('clip.png');
  const all = { startSeconds: 0, endSeconds: measured.seconds };
  await writeFile(localPath, await drawPart(deps, measured, all, job.signal));
  const place = { episodeId: clip.episodeId, clipId: clip.id, kind: 'WAVEFORM' } as const;
  await storeFile(deps, job, { ...place, localPath, contentType: 'image/png' }, async ({ tx }, { id }) => {
    await tx.mediaFile.update({ where: { id }, data: { details: { startSeconds, endSeconds } } });
  });
}
