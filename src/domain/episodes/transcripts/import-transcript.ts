import { v7 as uuidv7 } from 'uuid';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { inputHash } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkOptionalText } from '#domain/core/validation.ts';
import { writeOnce } from '#domain/core/write.ts';
import { assertNotArchived, assertNotProcessing, findOwnEpisode, lockEpisode } from '#domain/episodes/episodes.ts';
import { errorColumns } from '#domain/jobs/changes.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { InvalidTranscript } from './invalid-transcript.ts';
import { parseTranscript } from './parse-transcript.ts';
import type { ParsedSegment, TranscriptFormat } from './segments.ts';

/** A transcript to import; `content` is the file's text. */
export type TranscriptImport = {
  /** Null makes a new episode, which then needs a title. */
  episodeId: string | null;
  title: string | null;
  format: TranscriptFormat;
  content: string;
  language: string | null;
  idempotencyKey?: string | null | undefined;
};

/** Bytes of UTF-8: 20 MiB, over 300 hours of English as plain text (150 words a minute, 6 bytes a word). */
export const MAX_TRANSCRIPT_BYTES = 20 * 2 ** 20;
/** UTF-16 units. */
export const MAX_EPISODE_TITLE_LENGTH = 500;
/** As long as the longest tag that RFC 5646 (4.4.1) asks to make room for. */
export const MAX_LANGUAGE_LENGTH = 35;

/** Rows of one INSERT, which goes to PostgreSQL as one parameter of JSON. */
const SEGMENTS_PER_STATEMENT = 5_000;

/** Longer than the 10 s of other writes: up to MAX_SEGMENTS rows are written, each of which is indexed for search. */
const IMPORT_TIMEOUT_MS = 120_000;

/** The media type that an episode made of a transcript alone has. */
const CONTENT_TYPES: Record<TranscriptFormat, string> = {
  SRT: 'application/x-subrip',
  VTT: 'text/vtt',
  JSON: 'application/json',
  TEXT: 'text/plain',
};

/**
 * Gives an episode its transcript, or makes an episode of one. What was there before is replaced: segments, and the
 * clips that were found in them. Returns the episode, and how many segments it has now. Safe to repeat with the same
 * idempotency key. Throws BadUserInput (with the line of the file that is wrong), NotFound, Conflict (archived, being
 * processed), IdempotencyConflict.
 */
export async function importTranscript(
  deps: Deps,
  input: TranscriptImport,
): Promise<{ episode: Episode; segments: number }> {
  const { content, idempotencyKey, ...rest } = input;
  const title = checkOptionalText('input.title', input.title, { max: MAX_EPISODE_TITLE_LENGTH });
  const language = checkOptionalText('input.language', input.language, { max: MAX_LANGUAGE_LENGTH });
  if (!input.episodeId && !title)
    throw new BadUserInput('input.title', 'Give `episodeId`, or a `title` for a new episode.');
  const segments = parseContent(input.format, content);
  return writeOnce(deps, {
    action: 'transcript.import',
    once: { key: idempotencyKey, input: { ...rest, content: Buffer.from(inputHash(content)).toString('hex') } },
    timeoutMs: IMPORT_TIMEOUT_MS,
    async run({ tx, about, publish }) {
      const id = input.episodeId ?? uuidv7();
      const ownerId = deps.actor.userId;
      if (input.episodeId) await removeTranscript(tx, deps, id);
      const data = toEpisodeColumns(segments, { title, language, now: deps.now() });
      if (input.episodeId) await tx.episode.update({ where: { id }, data });
      else await tx.episode.create({ data: { id, ownerId, ...toTextOnlyColumns(input, title as string), ...data } });
      await insertSegments(tx, { id, ownerId }, segments);
      about({ type: 'Episode', id }, { segments: segments.length, format: input.format });
      publish(episodeChannel(id));
      return { episodeId: id };
    },
    what: 'episode',
    async load({ episodeId }) {
      const episode = await findOwnEpisode(deps.database.prisma, deps, episodeId);
      return episode && { episode, segments: segments.length };
    },
  });
}

/** Throws BadUserInput, in the words of InvalidTranscript, for what cannot be used. */
function parseContent(format: TranscriptFormat, content: string): ParsedSegment[] {
  if (Buffer.byteLength(content) > MAX_TRANSCRIPT_BYTES) {
    throw new BadUserInput('input.content', `A transcript may have at most ${MAX_TRANSCRIPT_BYTES} bytes.`);
  }
  try {
    return parseTranscript(format, content);
  } catch (error) {
    throw error instanceof InvalidTranscript ? toBadUserInput(error) : error;
  }
}

function toBadUserInput({ line, message }: InvalidTranscript): BadUserInput {
  return line === null
    ? new BadUserInput('input.content', message)
    : new BadUserInput('input.content', `Line ${line}: ${message}`, { line });
}

/** Deletes an episode's transcript and clips. Throws NotFound, Conflict (archived, being processed). */
async function removeTranscript(tx: Tx, deps: Deps, id: string): Promise<void> {
  const episode = await lockEpisode(tx, deps, id);
  assertNotArchived(episode);
  await assertNotProcessing(tx, episode);
  await tx.clip.deleteMany({ where: { episodeId: id } });
  await tx.transcriptSegment.deleteMany({ where: { episodeId: id } });
}

/** What every import sets; a title or language that is not given stays. */
function toEpisodeColumns(
  segments: readonly ParsedSegment[],
  { title, language, now }: { title: string | null; language: string | null; now: Date },
) {
  return {
    ...(title === null ? {} : { title }),
    ...(language === null ? {} : { language }),
    status: 'UPLOADED',
    ...errorColumns(null),
    uploadedAt: now,
    processedAt: null,
    durationSeconds: segments.at(-1)?.endSeconds ?? 0,
  } as const;
}

/** The file of an episode without a recording: its transcript is all there is of it. */
function toTextOnlyColumns({ format, content }: TranscriptImport, title: string) {
  const bytes = BigInt(Buffer.byteLength(content));
  return { originalName: title, contentType: CONTENT_TYPES[format], sizeBytes: bytes, receivedBytes: bytes };
}

async function insertSegments(
  tx: Tx,
  episode: { id: string; ownerId: string },
  segments: readonly ParsedSegment[],
): Promise<void> {
  for (let first = 0; first < segments.length; first += SEGMENTS_PER_STATEMENT) {
    const rows = segments.slice(first, first + SEGMENTS_PER_STATEMENT).map((segment, offset) => ({
      id: uuidv7(),
      index: first + offset,
      start_seconds: segment.startSeconds,
      end_seconds: segment.endSeconds,
      text: segment.text,
      speaker: segment.speaker,
      confidence: segment.confidence,
      words: segment.words,
    }));
    await tx.$executeRaw`
      INSERT INTO transcript_segments (id, episode_id, owner_id, index, start_seconds, end_seconds, text, speaker, confidence, words)
      SELECT id, ${episode.id}::uuid, ${episode.ownerId}::uuid, index, start_seconds, end_seconds, text, speaker, confidence, words
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s(id uuid, index int, start_seconds float8, end_seconds float8,
        text text, speaker text, confidence float8, words jsonb)`;
  }
}
