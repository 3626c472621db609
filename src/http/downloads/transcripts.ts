import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { exportTranscript } from '#domain/episodes/transcripts/export-transcript.ts';
import { FORMATS } from '#domain/episodes/transcripts/formats/formats.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { createAdmission } from '#http/admission.ts';
import { readParameters } from '#http/query-parameters.ts';
import type { Gatekeeper } from '#http/request.ts';
import { assertMethod } from '#http/uploads/upload-request.ts';
import { rowId } from '#resolvers/global-ids.ts';
import { authorizeDownload, sendDownload } from './download.ts';

/** `/episodes/:id/transcript.vtt`, with the id and the extension as its groups. */
const PATH = /^\/episodes\/([^/]+)\/transcript\.(srt|vtt|txt|json)$/;

const FORMAT_OF: Record<string, TranscriptFormat> = { srt: 'SRT', vtt: 'VTT', txt: 'TEXT', json: 'JSON' };

/** The maximum number of concurrent downloads of one user, and of the process; each holds some hundred kilobytes. */
const ADMITTED = { ofUser: 8, inAll: 128, what: 'downloads' } as const;

/**
 * Creates the endpoint for downloads of transcripts: `GET /episodes/:id/transcript.srt`, `.vtt`, `.txt` or `.json`, whose speakers
 * `?speakers=false` leaves out. The file is named after its episode, and is streamed.
 *
 * The endpoint returns false for other paths, and throws HttpError (405), Unauthenticated, Forbidden, NotFound, BadUserInput, RATE_LIMITED,
 * Unavailable.
 */
export function createTranscriptDownloads(services: Services, gatekeeper: Gatekeeper) {
  const admit = createAdmission(ADMITTED);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, id, extension = ''] = PATH.exec(path) ?? [];
    const format = FORMAT_OF[extension];
    if (!id || !format) return false;
    assertMethod(request, 'GET');
    const actor = await authorizeDownload(gatekeeper, request);
    const { speakers } = readParameters(request, { speakers: 'once' });
    const options = { format, speakers: toBoolean(speakers) };
    const { name, pieces } = await exportTranscript({ ...services, actor }, rowId(id, 'Episode', 'id'), options);
    const file = { name: `${name}.${extension}`, type: FORMATS[format].mediaTypes[0] };
    await admit(actor.userId, () => sendDownload(response, file, pieces));
    return true;
  };
}

function toBoolean(text: string | null): boolean {
  if (text === null || text === 'true' || text === 'false') return text !== 'false';
  throw new BadUserInput('speakers', 'This must be true or false.');
}
