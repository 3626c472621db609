import { v7 as uuidv7 } from 'uuid';
import { explainDisk } from '#adapters/files/disk.ts';
import type { Scratch } from '#adapters/files/file-store.ts';
import {
  type Heard,
  type Transcriber,
  TranscriberFailed,
  type TranscriptionOptions,
} from '#adapters/transcriber/transcriber.ts';
import { writeWav } from '#adapters/transcriber/wav.ts';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict, LongOutage, NotSetUp } from '#domain/core/errors.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { LocalSound, Recording } from '#domain/episodes/media/checks/check-recording.ts';
import type { MeasuredSound } from '#domain/episodes/media/sound/measure.ts';
import { SAMPLE_RATE } from '#domain/episodes/media/sound/pcm.ts';
import { findSilences } from '#domain/episodes/media/sound/silences.ts';
import { markCaptionsOutOfDate } from '#domain/episodes/render-states.ts';
import { attachTranscript, cleanUp, toImport } from '#domain/episodes/transcripts/stored-transcripts.ts';
import { parseFile } from '#domain/episodes/transcripts/threads.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import { assembleTranscript, type HeardPiece } from './assemble-transcript.ts';
import { type Piece, planPieces } from './plan-pieces.ts';

/** What a transcription has come to: `failedPieces` have no text, `removed` segments nobody has said. */
export type TranscriptionReport = {
  transcriber: string;
  caveat: string | null;
  pieces: number;
  failedPieces: number;
  removed: number;
};

/** What an operator reads where nothing transcribes. */
const NOT_CONFIGURED =
  'No transcriber is configured on this server. Its operator sets TRANSCRIBER_BASE_URL and TRANSCRIBER_MODEL to any OpenAI-compatible endpoint, such as a whisper.cpp server on this machine, or TRANSCRIBER_MODEL=pocketsphinx for trying out (low accuracy, English). Or import a transcript with `importTranscript`.';

const NOTHING_SAID = 'Nothing is said in this recording that could be transcribed.';

/**
 * Returns what transcribes a recording in a language, where that is known. Throws NotSetUp, with the settings that would help, where
 * nothing does; Conflict where it hears only another language.
 */
export function assertTranscriber({ transcriber }: Pick<Deps, 'transcriber'>, language: string | null): Transcriber {
  if (!transcriber) throw new NotSetUp(NOT_CONFIGURED);
  const { name, language: heard } = transcriber;
  if (heard && language && language.split('-')[0] !== heard)
    throw new Conflict(
      `The transcriber of this server, ${name}, hears \`${heard}\` only, and this episode is in \`${language}\`; import a transcript, or correct the language with \`updateEpisode\`.`,
    );
  return transcriber;
}

/** How a recording is transcribed; `onProgress` gets how much is done, 0 to 1. */
type Transcription = {
  job: RunningJob;
  language: string | null;
  scratch: Scratch;
  onProgress: (fraction: number) => void;
};

/**
 * Transcribes a recording piece by piece, and makes what was heard the transcript of its episode. What was heard in a piece is stored
 * at once, so that an attempt after a failure asks only for the rest. A piece that the transcriber refuses for good costs no other.
 * Throws NotSetUp, Conflict where nothing is said or in another language, Unavailable, StoreFull, AttemptEnded, the signal's reason.
 */
export async function transcribeRecording(
  deps: Deps,
  { file }: Recording,
  { path, measured }: LocalSound & { measured: MeasuredSound },
  { job, language, scratch, onProgress }: Transcription,
): Promise<TranscriptionReport> {
  const transcriber = assertTranscriber(deps, language);
  const plan = planPieces(measured);
  const pieces: (HeardPiece & { failed: boolean })[] = [];
  for (const [index, piece] of plan.entries()) {
    onProgress(index / plan.length);
    const key = keyOf(file.id, transcriber, language, piece);
    const known = await findHeard(deps, key);
    const heard = known ?? (await hear(transcriber, path, piece, { language, scratch, signal: job.signal }));
    if (!known) await storeHeard(job, key, heard);
    pieces.push({ ...piece, heard, failed: 'failed' in heard });
  }
  const failedPieces = pieces.filter(({ failed }) => failed).length;
  if (pieces.length > 0 && failedPieces === pieces.length)
    throw new Conflict(
      'The transcriber takes no part of this recording; import a transcript, or try another transcriber.',
    );
  const { segments, removed } = assembleTranscript(pieces, findSilences(measured));
  await storeTranscript(deps, job, file.episodeId, file.id, segments);
  const { name, caveat } = transcriber;
  return { transcriber: name, caveat, pieces: pieces.length, failedPieces, removed };
}

/** What was heard, or that the transcriber does not take the piece. */
type Outcome = Heard | (Heard & { failed: true });

async function hear(
  transcriber: Transcriber,
  path: string,
  { firstSample, endSample }: Piece,
  { scratch, ...options }: TranscriptionOptions & { scratch: Scratch },
): Promise<Outcome> {
  const wavPath = scratch.path('piece.wav');
  const samples = { path, firstSample, endSample, sampleRate: SAMPLE_RATE };
  await writeWav(samples, wavPath, options.signal).catch(explainDisk);
  try {
    return await transcriber.transcribe(wavPath, options);
  } catch (error) {
    if (!(error instanceof TranscriberFailed)) throw error;
    if (error.scope === 'piece') return { text: '', segments: [], failed: true };
    throw error.scope === 'lasting' ? new NotSetUp(error.message) : new LongOutage(error.message, error.retryAfterMs);
  }
}

/** What a piece is kept under: heard in another language, it says something else. */
const keyOf = (fileId: string, { name }: Transcriber, language: string | null, { firstSample, endSample }: Piece) => ({
  fileId,
  transcriber: language ? `${name} (${language})` : name,
  firstSample,
  endSample,
});

type PieceKey = ReturnType<typeof keyOf>;

async function findHeard({ database }: Deps, key: PieceKey): Promise<Outcome | null> {
  const where = { fileId_transcriber_firstSample_endSample: key };
  const row = await database.prisma.heardPiece.findUnique({ where });
  return row && (row.heard as unknown as Outcome);
}

async function storeHeard(job: RunningJob, key: PieceKey, heard: Outcome): Promise<void> {
  await job.writeFenced(async ({ tx }) => {
    const data = [{ ...key, heard }];
    await tx.heardPiece.createMany({ data, skipDuplicates: true });
    await job.giveAttemptsBack(tx);
  });
}

/** Writes the transcript as an import does, so that all that is known about segments holds for it, too. */
async function storeTranscript(
  deps: Deps,
  job: RunningJob,
  episodeId: string,
  fileId: string,
  segments: ReturnType<typeof assembleTranscript>['segments'],
): Promise<void> {
  if (segments.length === 0) throw new Conflict(NOTHING_SAID);
  const parsed = await parseFile(deps, { format: 'JSON', bytes: encode(segments) }, job.signal);
  if ('refused' in parsed) throw new Conflict(NOTHING_SAID);
  const transcriptId = uuidv7();
  const rows = toImport(parsed, { transcriptId, ownerId: deps.actor.userId });
  try {
    if (rows.isLong) await rows.writeAhead(deps.database, job.signal);
    await job.writeFenced(async ({ tx, publish, changed }) => {
      await lockRow(tx, 'episodes', episodeId);
      await rows.finish(tx, () => attachTranscript(tx, transcriptId, episodeId));
      await markCaptionsOutOfDate({ tx, changed }, episodeId);
      await tx.heardPiece.deleteMany({ where: { fileId } });
      await job.giveAttemptsBack(tx);
      publish(episodeChannel(episodeId));
      changed({ ownerId: deps.actor.userId, type: 'EPISODE', id: episodeId });
    });
  } finally {
    if (rows.isLong) await cleanUp(deps, [transcriptId]);
  }
}

/** As Whisper's JSON, which `importTranscript` takes. */
function encode(segments: ReturnType<typeof assembleTranscript>['segments']): Uint8Array {
  const whisper = segments.map(({ startSeconds, endSeconds, text, confidence, words }) => ({
    start: startSeconds,
    end: endSeconds,
    text,
    ...(confidence === null ? {} : { confidence }),
    ...(words === null
      ? {}
      : {
          words: words.map((word) => ({
            word: word.text,
            start: word.startSeconds,
            end: word.endSeconds,
            ...(word.confidence === null ? {} : { probability: word.confidence }),
          })),
        }),
  }));
  return new TextEncoder().encode(JSON.stringify({ segments: whisper }));
}
