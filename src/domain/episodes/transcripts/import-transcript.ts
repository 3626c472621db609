import { v7 as uuidv7 } from 'uuid';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { isRequestDone, type WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { SlicedImport } from '#domain/core/sliced-import.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { type ClipPlan, carryClips, planTranscript } from '#domain/episodes/carry-clips.ts';
import { findOwnEpisode, isUploading, lockEpisode } from '#domain/episodes/episodes.ts';
import { findRecording } from '#domain/episodes/media/checks/check-recording.ts';
import { checkEpisodeTitle, checkLanguage } from '#domain/episodes/update-episode.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { assertCorrections, findCorrections, type StoredCorrection } from './corrections/stored.ts';
import { FORMATS } from './formats/formats.ts';
import type { ParsedTranscript } from './parse-into-rows.ts';
import type { TranscriptFormat } from './segments/segments.ts';
import { assertReplaceable, attachTranscript, cleanUp, detachTranscript, toImport } from './stored-transcripts.ts';
import { keepCorrections, parseFile } from './threads.ts';

/** A transcript to import; `content` is the file, and `charset` what its bytes are where they are not Unicode. */
export type TranscriptImport = WithIdempotencyKey & {
  /** Null makes a new episode, which then needs a title. */
  episodeId: string | null;
  title: string | null;
  format: TranscriptFormat;
  content: Uint8Array;
  charset?: string | undefined;
  language: string | null;
};

/** An episode with its new transcript, and what of the file was passed over or put right. */
export type ImportedTranscript = { episode: Episode } & Pick<
  ParsedTranscript,
  'segments' | 'warnings' | 'warningCount' | 'passedOver'
>;

/** Bytes of UTF-8: 20 MiB, over 300 hours of English as plain text (150 words a minute, 6 bytes a word). */
export const MAX_TRANSCRIPT_BYTES = 20 * 2 ** 20;

/**
 * Gives an episode its transcript, or makes an episode of one. The segments that were there before are replaced, and the clips that were
 * found in them move with their words (`carryClips`); what was corrected is laid over them (`corrections/reapply.ts`). Nobody sees a part
 * of it: the rows are written a few at a time, so that nobody has to wait for them, under a transcript that becomes the episode's when the
 * last of them is written.
 *
 * Returns the episode, how many segments it has now, and what of the file was passed over or put right. Safe to repeat with the same
 * idempotency key. Throws BadUserInput (with the line of the file that is wrong), NotFound, Conflict (archived, being processed, being
 * corrected), IdempotencyConflict, LIMIT_EXCEEDED, Unavailable, the signal's reason.
 */
export async function importTranscript(
  deps: Deps,
  input: TranscriptImport,
  signal?: AbortSignal,
): Promise<ImportedTranscript> {
  const { content, idempotencyKey, ...rest } = input;
  const title = checkEpisodeTitle(input.title);
  const language = checkLanguage(input.language);
  if (!input.episodeId && !title)
    throw new BadUserInput(
      'input.title',
      'Give a `title` for a new episode, as in `POST /episodes?title=…`, or the `episodeId` of one that is there, as in `PUT /episodes/:id/transcript`.',
    );
  const file = describeFile(input);
  const parsed = await parseContent(deps, input, signal);
  const { segments, warnings, warningCount, passedOver } = parsed;
  const transcriptId = uuidv7();
  const unseen = [transcriptId];
  try {
    const { plan, corrections, rows } = await prepare(deps, input, { parsed, transcriptId, signal });
    return await writeAndLoad(deps, {
      action: 'transcript.import',
      once: { key: idempotencyKey, input: { ...rest, content: parsed.contentHash } },
      async run({ tx, about, publish, changed }) {
        const id = input.episodeId ?? uuidv7();
        const data = toEpisodeColumns(parsed, { title, language, now: deps.now() });
        if (input.episodeId) {
          const episode = await lockEpisode(tx, deps, id);
          await assertReplaceable(tx, episode);
          await assertCorrections(tx, id, corrections);
          const clips = await carryClips({ tx, changed }, id, plan);
          unseen.push(...(await detachTranscript(tx, id)));
          const { status: uploaded, processedAt, ...imported } = data;
          const recording = await findRecording(tx, id);
          const rest = {
            ...imported,
            ...(recording ? { durationSeconds: recording.durationSeconds } : {}),
            ...((await hasFile(tx, id)) ? {} : file),
          };
          const isReady = clips > 0 && episode.status === 'READY';
          const status = (await isUploading(tx, id)) ? 'UPLOADING' : uploaded;
          await tx.episode.update({ where: { id }, data: isReady ? rest : { ...rest, status, processedAt } });
        } else {
          const own = { id, ownerId: deps.actor.userId, originalName: title as string, ...file };
          await tx.episode.create({ data: { ...own, ...data } });
        }
        await rows.finish(tx, () => attachTranscript(tx, transcriptId, id));
        about({ type: 'Episode', id }, { segments, format: input.format, passedOver, warnings: warningCount });
        publish(episodeChannel(id));
        changed({ ownerId: deps.actor.userId, type: 'EPISODE', id });
        return { episodeId: id };
      },
      what: 'episode',
      async load({ episodeId }, tx) {
        const episode = await findOwnEpisode(tx, deps, episodeId);
        return episode && { episode, segments, warnings, warningCount, passedOver };
      },
    });
  } finally {
    if (parsed.slices.length > 1 || unseen.length > 1) await cleanUp(deps, unseen);
  }
}

/** Whether an episode has a recording, or is to get one. */
const hasFile = async (tx: Tx, episodeId: string): Promise<boolean> =>
  (await tx.mediaFile.count({ where: { episodeId, kind: 'ORIGINAL' } })) > 0;

/** The file of an episode without a recording: its transcript is all there is of it. */
function describeFile({ format, content }: TranscriptImport) {
  const bytes = BigInt(content.length);
  return { contentType: FORMATS[format].mediaTypes[0], sizeBytes: bytes, receivedBytes: bytes };
}

/** Throws BadUserInput, in the words of the refusal, for what cannot be used; and what parseFile throws. */
async function parseContent(
  deps: Deps,
  { episodeId, format, content, charset }: TranscriptImport,
  signal: AbortSignal | undefined,
): Promise<ParsedTranscript> {
  if (content.length > MAX_TRANSCRIPT_BYTES) {
    throw new BadUserInput('input.content', `A transcript may have at most ${MAX_TRANSCRIPT_BYTES} bytes.`);
  }
  const recordedSeconds = episodeId ? await findRecordedSeconds(deps, episodeId) : undefined;
  const parsed = await parseFile(deps, { format, bytes: content, charset, recordedSeconds }, signal);
  if (!('refused' in parsed)) return parsed;
  const { refused, line } = parsed;
  throw line === null
    ? new BadUserInput('input.content', refused)
    : new BadUserInput('input.content', `Line ${line}: ${refused}`, { line });
}

/** Returns the length of the recording of the actor's episode; undefined without one. */
async function findRecordedSeconds(deps: Deps, id: string): Promise<number | undefined> {
  const { prisma } = deps.database;
  const episode = await findOwnEpisode(prisma, deps, id);
  const recording = episode && (await findRecording(prisma, episode.id));
  return recording?.durationSeconds;
}

type Prepared = {
  /** Where the clips of the episode are in its new transcript. */
  plan: ClipPlan;
  /** What was corrected in the old one, and is laid over the new one. */
  corrections: StoredCorrection[];
  rows: SlicedImport<Uint8Array>;
};

/**
 * Lays the corrections of the episode over its new transcript, finds where its clips are there, and writes most of one that is long, unless
 * it is plain already that this will be for nothing. Throws as the import does.
 */
async function prepare(
  deps: Deps,
  { episodeId, idempotencyKey }: TranscriptImport,
  { parsed, transcriptId, signal }: { parsed: ParsedTranscript; transcriptId: string; signal: AbortSignal | undefined },
): Promise<Prepared> {
  const { prisma } = deps.database;
  const toRows = (slices: Uint8Array[]) =>
    toImport({ ...parsed, slices }, { transcriptId, ownerId: deps.actor.userId });
  if (await isRequestDone(prisma, deps.actor, idempotencyKey))
    return { plan: new Map(), corrections: [], rows: toRows(parsed.slices) };
  const episode = episodeId && (await findOwnEpisode(prisma, deps, episodeId));
  if (episode) await assertReplaceable(prisma, episode);
  else if (episodeId) throw new NotFound('episode');
  const corrections = episode ? await findCorrections(prisma, episode.id) : [];
  const slices = episode
    ? await keepCorrections(deps, episode.id, { corrections, rows: parsed.slices, signal })
    : parsed.slices;
  const clips = episode ? await prisma.clip.findMany({ where: { episodeId: episode.id } }) : [];
  // Threads take what they are handed, and the rows are still to be written.
  const change = { rows: clips.length > 0 ? slices.map((slice) => slice.slice()) : [] };
  const plan = episode && clips.length > 0 ? await planTranscript(deps, episode.id, { clips, change, signal }) : null;
  const rows = toRows(slices);
  if (rows.isLong) await rows.writeAhead(deps.database, signal);
  return { plan: plan?.clips ?? new Map(), corrections, rows };
}

/** What every import sets, except for the length of what was recorded; a title or language that is not given stays. */
function toEpisodeColumns(
  { durationSeconds }: ParsedTranscript,
  { title, language, now }: { title: string | null; language: string | null; now: Date },
) {
  return {
    ...(title === null ? {} : { title }),
    ...(language === null ? {} : { language }),
    status: 'UPLOADED',
    ...errorColumns(null),
    uploadedAt: now,
    processedAt: null,
    durationSeconds,
  } as const;
}
