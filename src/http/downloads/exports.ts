import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '#domain/core/deps.ts';
import { findOwnExport } from '#domain/operations/user-export/served-exports.ts';
import { createAdmission } from '#http/admission.ts';
import { serveFile } from '#http/media/media.ts';
import { assertReading } from '#http/media/signature.ts';
import type { Gatekeeper } from '#http/request.ts';
import { authorizeDownload } from './download.ts';

const PATH = /^\/exports\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.zip$/;

/** The maximum number of concurrent responses with exports of one user, and of the process. */
const ADMITTED = { ofUser: 4, inAll: 64, what: 'downloads' } as const;

/** For how many seconds a response may be cached, and an address of the file store be used. */
const VALID_SECONDS = 60;

/**
 * Creates the endpoint for exports: `GET /exports/:id.zip` with an API key of the user who requested it. It supports ranges and conditional
 * requests, as that for media files does. The endpoint returns false for other paths, and throws HttpError (405, 412), Unauthenticated,
 * Forbidden, NotFound, RATE_LIMITED, Unavailable.
 */
export function createExportDownloads(services: Services, gatekeeper: Gatekeeper) {
  const admit = createAdmission(ADMITTED);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, id] = PATH.exec(path) ?? [];
    if (!id) return false;
    assertReading(request);
    const actor = await authorizeDownload(gatekeeper, request, 0); // clients ask for a large one in many ranges
    const file = await findOwnExport({ ...services, actor }, id);
    await admit(actor.userId, () => serveFile(services, { request, response }, file, VALID_SECONDS));
    return true;
  };
}
