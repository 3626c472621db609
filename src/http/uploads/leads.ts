import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '#domain/core/deps.ts';
import { DomainError } from '#domain/core/errors.ts';
import { decodeCsv } from '#domain/sales/import/decode-csv.ts';
import { type ImportedLeads, importLeads } from '#domain/sales/import/import-leads.ts';
import { createAdmission, IN_MEMORY_UPLOADS } from '#http/admission.ts';
import { readBody } from '#http/body.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { readParameters } from '#http/query-parameters.ts';
import { replyJson } from '#http/reply.ts';
import { type Gatekeeper, pointsOf } from '#http/request.ts';
import {
  assertMethod,
  authorizeUpload,
  chargeAnnounced,
  charsetOf,
  contentTypeOf,
  readIdempotencyKey,
} from './upload-request.ts';

/** 10,000 rows of 400 bytes. */
const MAX_LEAD_FILE_BYTES = 4_000_000;
/** The time for MAX_LEAD_FILE_BYTES at 500 kbit/s. */
const UPLOAD_TIMEOUT_MS = 64_000;

/** The accepted content types. */
export const LEAD_FILE_TYPES = ['text/csv', 'text/plain', 'text/tab-separated-values', 'application/vnd.ms-excel'];

/** The query parameters of files of leads: what rows without a language or time zone get. */
export const LEAD_FILE_PARAMETERS = { defaultLanguage: 'once', defaultTimeZone: 'once' } as const;

/**
 * Creates the endpoint for files of leads. `POST /leads` accepts CSV in UTF-8, in UTF-16, in windows-1255 or -1252, or in the
 * charset of the content type, and responds with 200 and ImportLeadsPayload as JSON. `?defaultLanguage=` and `?defaultTimeZone=` are
 * optional. The header `Idempotency-Key` makes the request safe to retry.
 *
 * The endpoint returns false for other paths, and throws HttpError (405), Unauthenticated, Forbidden, BadUserInput, DomainError
 * (FILE_TOO_LARGE, UNSUPPORTED_MEDIA, RATE_LIMITED), and what importLeads throws.
 */
export function createLeadEndpoint(services: Services, gatekeeper: Gatekeeper, metrics: Metrics) {
  const admit = createAdmission(IN_MEMORY_UPLOADS);
  let received = 0;
  metrics.counter('parley_lead_upload_bytes_total', 'Bytes of files of leads received.', () => received);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    if (path !== '/leads') return false;
    assertMethod(request, 'POST');
    const context = await authorizeUpload(gatekeeper, request);
    await chargeAnnounced(gatekeeper, context, request, LIMIT);
    assertCsv(request);
    const defaults = readParameters(request, LEAD_FILE_PARAMETERS);
    const answer: ImportedLeads = await admit(context.actor.userId, async () => {
      const body = await readBody(request, { ...LIMIT, timeoutMs: UPLOAD_TIMEOUT_MS });
      received += body.length;
      await gatekeeper.charge(context, pointsOf(body.length));
      return importLeads(
        { ...services, actor: context.actor },
        {
          csv: decodeCsv(body, charsetOf(request)),
          ...defaults,
          idempotencyKey: readIdempotencyKey(request),
        },
      );
    });
    replyJson(response, 200, answer);
    return true;
  };
}

function assertCsv(request: IncomingMessage): void {
  if (LEAD_FILE_TYPES.includes(contentTypeOf(request))) return;
  throw new DomainError('UNSUPPORTED_MEDIA', 'Send the file of leads as text/csv.');
}

const tooLarge = () =>
  new DomainError(
    'FILE_TOO_LARGE',
    `A file of leads may have at most ${MAX_LEAD_FILE_BYTES} bytes here; send it to POST /leads/imports.`,
    {
      limit: MAX_LEAD_FILE_BYTES,
    },
  );

const LIMIT = { maxBytes: MAX_LEAD_FILE_BYTES, tooLarge };
