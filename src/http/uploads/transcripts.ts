import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '#domain/core/deps.ts';
import { BadUserInput, DomainError } from '#domain/core/errors.ts';
import { globalId } from '#domain/core/global-ids.ts';
import { FORMAT_NAMES, FORMATS } from '#domain/episodes/transcripts/formats/formats.ts';
import {
  type ImportedTranscript,
  importTranscript,
  MAX_TRANSCRIPT_BYTES,
  type TranscriptImport,
} from '#domain/episodes/transcripts/import-transcript.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import type { EpisodeStatus } from '#generated/prisma/enums.ts';
import { createAdmission, IN_MEMORY_UPLOADS } from '#http/admission.ts';
import { readBody } from '#http/body.ts';
import { readParameters } from '#http/query-parameters.ts';
import { replyJson } from '#http/reply.ts';
import { type Gatekeeper, pointsOf, searchOf } from '#http/request.ts';
import { rowId } from '#resolvers/global-ids.ts';
import {
  assertMethod,
  authorizeUpload,
  chargeAnnounced,
  charsetOf,
  contentTypeOf,
  readIdempotencyKey,
} from './upload-request.ts';

/** `/episodes`, and `/episodes/:id/transcript` with the id as its group. */
const UPLOAD_PATH = /^\/episodes(?:\/([^/]+)\/transcript)?$/;

/** Ten minutes: the time for MAX_TRANSCRIPT_BYTES at 280 kbit/s. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;

const MEDIA_TYPES = new Map(FORMAT_NAMES.flatMap((name) => FORMATS[name].mediaTypes.map((type) => [type, name])));

/** Names the formats in error messages. Not ahead of them, because the first list that Node formats takes 10 ms. */
const nameFormats = () => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(FORMAT_NAMES);

/** The query parameters; a title is needed only for a new episode. */
const PARAMETERS = { format: 'once', title: 'once', language: 'once' } as const;

const EPISODE_IN_PATH =
  'Name the episode in the path: `PUT /episodes/:id/transcript`. `POST /episodes?title=…` creates another one.';

const DOWNLOADS = '`transcript.srt`, `.vtt`, `.txt` and `.json` are downloaded by GET.';

/** The body of a successful response, as JSON: `id` is a global id, the other fields are as in ImportTranscriptPayload. */
type UploadAnswer = {
  episode: { id: string; title: string | null; status: EpisodeStatus };
} & Omit<ImportedTranscript, 'episode'>;

/**
 * Creates the endpoint for transcripts that exceed the size of GraphQL requests. `PUT /episodes/:id/transcript` replaces the transcript of
 * an episode and responds with 200; `POST /episodes?title=…` creates an episode with a transcript and responds with 201; both return an
 * UploadAnswer. The body is the file in UTF-8, in UTF-16, or in the charset of the content type. Its format is the
 * content type, or `?format=`; `?language=` is optional. The header `Idempotency-Key` makes the request safe to retry.
 *
 * The endpoint returns false for other paths, and throws HttpError (405), Unauthenticated, Forbidden, BadUserInput, DomainError
 * (FILE_TOO_LARGE, UNSUPPORTED_MEDIA, RATE_LIMITED), and the errors of importTranscript.
 */
export function createTranscriptEndpoint(services: Services, gatekeeper: Gatekeeper) {
  const admit = createAdmission(IN_MEMORY_UPLOADS);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const match = UPLOAD_PATH.exec(path);
    if (!match) return false;
    const [, episodeId = null] = match;
    if (episodeId === null) assertMethod(request, 'POST');
    else assertMethod(request, 'PUT', DOWNLOADS);
    const context = await authorizeUpload(gatekeeper, request);
    assertNoRecording(request);
    await chargeAnnounced(gatekeeper, context, request, LIMIT);
    const { episode, ...transcript } = await admit(context.actor.userId, async () => {
      const upload = await readUpload(request, episodeId);
      await gatekeeper.charge(context, pointsOf(upload.content.length));
      return importTranscript({ ...services, actor: context.actor }, upload, signalOf(response));
    });
    const { title, status } = episode;
    const answer: UploadAnswer = { episode: { id: globalId('Episode', episode.id), title, status }, ...transcript };
    replyJson(response, episodeId === null ? 201 : 200, answer);
    return true;
  };
}

/** Reads the query, the headers and the body of a request; `episodeId` is a global id. */
async function readUpload(request: IncomingMessage, episodeId: string | null): Promise<TranscriptImport> {
  if (searchOf(request).has('episodeId')) throw new BadUserInput('episodeId', EPISODE_IN_PATH);
  const { format, title, language } = readParameters(request, PARAMETERS);
  const body = await readBody(request, { ...LIMIT, timeoutMs: UPLOAD_TIMEOUT_MS });
  return {
    episodeId: episodeId === null ? null : rowId(episodeId, 'Episode', 'id'),
    title,
    language,
    format: format === null ? formatOfContent(request) : toFormat(format),
    content: body,
    charset: charsetOf(request),
    idempotencyKey: readIdempotencyKey(request),
  };
}

const tooLarge = () =>
  new DomainError('FILE_TOO_LARGE', `A transcript may have at most ${MAX_TRANSCRIPT_BYTES} bytes.`, {
    limit: MAX_TRANSCRIPT_BYTES,
  });

const LIMIT = { maxBytes: MAX_TRANSCRIPT_BYTES, tooLarge };

function toFormat(text: string): TranscriptFormat {
  const format = FORMAT_NAMES.find((name) => name === text);
  if (format) return format;
  throw new BadUserInput('format', `A format is ${nameFormats()}.`);
}

/** Returns the format that the content type names. */
function formatOfContent(request: IncomingMessage): TranscriptFormat {
  const format = MEDIA_TYPES.get(contentTypeOf(request));
  if (format) return format;
  throw new DomainError(
    'UNSUPPORTED_MEDIA',
    `A transcript is ${[...MEDIA_TYPES.keys()].join(', ')}; or say \`?format=\` ${nameFormats()}.`,
  );
}

/** Throws DomainError (UNSUPPORTED_MEDIA) before a recording is read. */
function assertNoRecording(request: IncomingMessage): void {
  if (!/^(audio|video)\//.test(contentTypeOf(request)) || searchOf(request).has('format')) return;
  throw new DomainError(
    'UNSUPPORTED_MEDIA',
    'This takes a transcript. A recording is sent with tus to `upload.url`, which the mutation `createEpisode` returns.',
  );
}

/** Aborts when the client disconnects before the response. */
function signalOf(response: ServerResponse): AbortSignal {
  const leaving = new AbortController();
  response.on('close', () => leaving.abort(new BadUserInput('body', 'The client left before its file was stored.')));
  return leaving.signal;
}
