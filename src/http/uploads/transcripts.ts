import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Deps, Services } from '#domain/core/deps.ts';
import { BadUserInput, DomainError, Forbidden, Unauthenticated } from '#domain/core/errors.ts';
import { importTranscript, MAX_TRANSCRIPT_BYTES } from '#domain/episodes/transcripts/import-transcript.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments.ts';
import { readBody } from '#http/body.ts';
import { HttpError } from '#http/errors.ts';
import { replyJson } from '#http/reply.ts';
import { addressOf, type Gatekeeper, readCredentials, requestIdOf, searchOf } from '#http/request.ts';
import { isAnonymous } from '#resolvers/context.ts';
import { globalId, rowId } from '#resolvers/global-ids.ts';

const ROUTE = /^\/episodes(?:\/([^/]+)\/transcript)?$/;
/** How long an upload may take. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;

const FORMATS: Record<string, TranscriptFormat> = {
  'application/x-subrip': 'SRT',
  'text/srt': 'SRT',
  'text/vtt': 'VTT',
  'application/json': 'JSON',
  'text/plain': 'TEXT',
};

const Query = z.object({
  format: z.enum(['SRT', 'VTT', 'JSON', 'TEXT']).optional(),
  title: z.string().optional(),
  language: z.string().optional(),
});

/**
 * Creates the endpoint for transcripts that are larger than a GraphQL request may be: `PUT /episodes/:id/transcript`
 * gives an episode a new one, `POST /episodes?title=…` makes an episode of one. The body is the file, its format the
 * content type or `?format=`; the same key and the same rules as for `importTranscript`. Responds with { episode: { id,
 * title, status }, segments }. Returns false for paths of others.
 */
export function createTranscriptEndpoint(services: Services, gatekeeper: Gatekeeper) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const route = ROUTE.exec(path);
    if (!route) return false;
    const [, episodeId] = route;
    const method = episodeId ? 'PUT' : 'POST';
    if (request.method !== method) {
      throw new HttpError(405, 'BAD_USER_INPUT', `Send ${method}.`, { headers: { allow: method } });
    }
    const deps = await authorize(services, gatekeeper, request);
    const query = parseQuery(request);
    const format = query.format ?? detectFormat(request);
    const body = await readBody(request, { maxBytes: MAX_TRANSCRIPT_BYTES, tooLarge, timeoutMs: UPLOAD_TIMEOUT_MS });
    const { episode, segments } = await importTranscript(deps, {
      episodeId: episodeId ? rowId(episodeId, 'Episode', 'id') : null,
      title: query.title ?? null,
      language: query.language ?? null,
      format,
      content: decodeText(body),
      idempotencyKey: idempotencyKeyOf(request),
    });
    const { title, status } = episode;
    replyJson(response, episodeId ? 200 : 201, {
      episode: { id: globalId('Episode', episode.id), title, status },
      segments,
    });
    return true;
  };
}

const tooLarge = () =>
  new DomainError('FILE_TOO_LARGE', `A transcript may have at most ${MAX_TRANSCRIPT_BYTES} bytes.`, {
    limit: MAX_TRANSCRIPT_BYTES,
  });

async function authorize(services: Services, gatekeeper: Gatekeeper, request: IncomingMessage): Promise<Deps> {
  const actor = await gatekeeper.admit(readCredentials(request.headers), {
    requestId: requestIdOf(request.headers),
    ip: addressOf(request),
  });
  if (isAnonymous(actor)) throw new Unauthenticated();
  if (!actor.scopes.includes('WRITE')) throw new Forbidden('This takes an API key with the scope WRITE.');
  return { ...services, actor };
}

function parseQuery(request: IncomingMessage): z.infer<typeof Query> {
  const parsed = Query.safeParse(Object.fromEntries(searchOf(request)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadUserInput(
    String(issue?.path[0] ?? 'query'),
    'In the query, `format` is SRT, VTT, JSON or TEXT; `title` and `language` are text.',
  );
}

function detectFormat(request: IncomingMessage): TranscriptFormat {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const format = FORMATS[type];
  if (format) return format;
  throw new DomainError(
    'UNSUPPORTED_MEDIA',
    `A transcript is ${Object.keys(FORMATS).join(', ')}; or say \`?format=\` SRT, VTT, JSON or TEXT.`,
  );
}

function idempotencyKeyOf(request: IncomingMessage): string | null {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
}

function decodeText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new BadUserInput('body', 'A transcript is text in UTF-8.');
  }
}
