import type { Scratch } from '#adapters/files/file-store.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { FoundInEpisode, ScoringProgress } from './clips/find-clips.ts';
import { CLIP_SECONDS } from './clips/platforms.ts';
import { CLIP_THREADS } from './clips/threads.ts';
import { hasTranscript } from './episodes.ts';
import { adjustWeights, learnWeights } from './learn-weights.ts';
import { checkRecording, findRecording, needsCheck, openSound } from './media/checks/check-recording.ts';
import { measureFile } from './media/file-threads.ts';
import { openScratch } from './media/files/open-scratch.ts';
import { createEdgeSnapper } from './media/snap-edges.ts';
import type { MeasuredSound } from './media/sound/measure.ts';
import { findSilences } from './media/sound/silences.ts';
import {
  assertTranscriber,
  type TranscriptionReport,
  transcribeRecording,
} from './media/transcription/transcribe-recording.ts';
import { storeEpisodeWaveform } from './media/waveforms/store.ts';
import { storePeaks } from './media/waveforms/stored-peaks.ts';
import { type ProcessEpisodePayload, readPayload } from './processing-payload.ts';
import { createStages, type Stages } from './processing-stages.ts';
import { toScore } from './rescore-clips.ts';
import { saveClips } from './save-clips.ts';
import { readSegmentPages } from './transcripts/segments/pages.ts';

/**
 * Checks and transcribes the recording of an episode, if it has one and that was not done before. Then finds the chapters and the clips in
 * the transcript, at most `maxClips` per platform, and makes the episode READY. Replaces earlier suggestions for these platforms, except
 * clips that the user has created, trimmed or decided about, or that have a file. If the user asks for something else until then, looks
 * for that.
 *
 * Safe to run twice; an attempt does not repeat what an earlier one has finished. Throws UNSUPPORTED_MEDIA for an unusable recording,
 * QUOTA_EXCEEDED, NotSetUp, Conflict if nothing is said or no whole sentences last as long as a clip, Unavailable, AttemptEnded, and the
 * signal's reason after an abort.
 */
export async function processEpisode(deps: Deps, { episodeId }: ProcessEpisodePayload, job: RunningJob): Promise<void> {
  const scratch = await openScratch(deps, job);
  try {
    const unchecked = await needsCheck(deps, episodeId);
    const lacksTranscript = !(await hasTranscript(deps.database.prisma, episodeId));
    const hasRecording = unchecked || (await findRecording(deps.database.prisma, episodeId)) !== null;
    const stages = createStages(job, [
      ...(unchecked ? (['checking'] as const) : []),
      ...(hasRecording ? (['listening', 'waveform'] as const) : []),
      ...(hasRecording && lacksTranscript ? (['transcribing'] as const) : []),
      ...(['reading', 'scoring', 'saving'] as const),
    ]);
    if (unchecked) {
      stages.begin('checking', 'Checking the file.');
      await checkRecording(deps, episodeId, { job, scratch, onProgress: (fraction) => stages.progress(fraction) });
    }
    const heard = await listen(deps, episodeId, { job, scratch, stages });
    if (!(await hasTranscript(deps.database.prisma, episodeId))) throw new Conflict(NO_TRANSCRIPT);
    for (let isSaved = false; !isSaved; ) {
      const searched = await readPayload(deps.database.prisma, job.id);
      const found = await findClips(deps, episodeId, {
        job,
        stages,
        searched,
        recordedSeconds: heard?.durationSeconds,
      });
      const clips = found.clips.map(createEdgeSnapper(heard ? findSilences(heard.measured) : []));
      stages.begin('saving', `Saving ${clips.length} clips.`);
      isSaved = await saveClips(deps, job, { ...found, episodeId, clips, searched, scratch, ...heard });
    }
  } finally {
    await scratch.remove();
  }
}

const NO_TRANSCRIPT = 'This episode has no transcript yet; import one, then process it again.';
const NO_CLIPS = `No stretch of whole sentences in this transcript lasts ${CLIP_SECONDS.minSeconds} to ${CLIP_SECONDS.maxSeconds} seconds, so there is no clip in it.`;

/** What listening to a recording has found; `transcription` is null if the episode already had a transcript. */
type Listened = { measured: MeasuredSound; durationSeconds: number; transcription: TranscriptionReport | null };

/**
 * Measures the sound of an episode's recording, draws its waveform, and transcribes it if there is no transcript. Returns null without a
 * recording.
 */
async function listen(
  deps: Deps,
  episodeId: string,
  { job, scratch, stages }: { job: RunningJob; scratch: Scratch; stages: Stages },
): Promise<Listened | null> {
  const recording = await findRecording(deps.database.prisma, episodeId);
  if (!recording) return null;
  // Not known from before the check: a transcript may have been imported meanwhile.
  const lacksTranscript = !(await hasTranscript(deps.database.prisma, episodeId));
  const { language } = await deps.database.prisma.episode.findUniqueOrThrow({ where: { id: episodeId } });
  const transcriber = lacksTranscript ? assertTranscriber(deps, language) : null;
  stages.begin('listening', 'Listening to the recording.');
  const onProgress = (fraction: number) => stages.progress(fraction);
  const { path } = await openSound(deps, recording, { job, scratch, onProgress });
  const measured = await measureFile(deps, path, job.signal);
  // Before transcribing, which may cost money: the waveform is refused if its owner's storage is full.
  stages.begin('waveform', 'Drawing the sound.');
  const drawing = { measured, scratch, episodeId };
  await storeEpisodeWaveform(deps, job, drawing);
  await storePeaks(deps, job, drawing);
  let transcription: TranscriptionReport | null = null;
  if (transcriber) {
    const { name, caveat } = transcriber;
    stages.begin('transcribing', `Transcribing with ${name}${caveat ? ` (${caveat})` : ''}.`);
    const options = { job, language, scratch, onProgress };
    transcription = await transcribeRecording(deps, recording, { path, measured }, options);
  }
  return { measured, durationSeconds: recording.durationSeconds, transcription };
}

/** What is looked for, and where the recording ends, if there is one. */
type Search = {
  job: RunningJob;
  stages: Stages;
  searched: ProcessEpisodePayload;
  recordedSeconds: number | undefined;
};

/** Finds the best clips and the chapters, and scores the clips that the user has cut. Throws Conflict if there are no clips. */
async function findClips(
  deps: Deps,
  episodeId: string,
  { job, stages, searched, recordedSeconds }: Search,
): Promise<FoundInEpisode> {
  stages.begin('reading', 'Reading the transcript.');
  const pages = await readSegmentPages(deps, episodeId, { signal: job.signal });
  const { platforms, genre, maxClips } = searched;
  stages.begin('scoring', 'Scoring the transcript.');
  const onProgress = ({ sentences, scored }: ScoringProgress) =>
    stages.progress(scored, `Scoring what begins with each of ${sentences} sentences.`);
  const weights = adjustWeights(genre, await learnWeights(deps, job));
  const own = await deps.database.prisma.clip.findMany({ where: { episodeId, createdByUser: true } });
  const request = { pages, genre, platforms, maxClips, weights, recordedSeconds, ownClips: own.map(toScore) };
  const found = await runInThread(deps, CLIP_THREADS, 'findClips', request, { signal: job.signal, onProgress });
  if (found.clips.length === 0) throw new Conflict(NO_CLIPS);
  if (!weights) return found;
  const clips = found.clips.map((clip) => ({ ...clip, features: { ...clip.features, weights } }));
  return { ...found, clips };
}
