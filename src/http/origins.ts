import type { IncomingMessage } from 'node:http';
import type { Logger } from '#adapters/log.ts';
import type { Config } from '#config/config.ts';

type Origins = Pick<Config, 'corsOrigins' | 'publicUrl'>;

/** Whether a request is allowed. A cross-origin request of a browser is allowed only if the origin is listed. */
export type OriginCheck = (request: IncomingMessage) => boolean;

/** The message for rejected requests. */
export const ORIGIN_NOT_LISTED = 'Requests from this origin are not allowed; list it in CORS_ORIGINS.';

/** The maximum number of logged origins, and of their characters. Browsers hide the reason of a rejection from pages, so it is logged. */
const MAX_REFUSALS_LOGGED = 100;
const MAX_ORIGIN_LOGGED = 200;

/** Creates the check of this process, which logs each rejected origin once. */
export function createOriginCheck(config: Origins, log: Logger): OriginCheck {
  const refused = new Set<string>();
  return ({ headers }) => {
    const { origin } = headers;
    if (origin === undefined || isOwn(config, origin, headers.host) || config.corsOrigins.includes(origin)) return true;
    const shown = origin.slice(0, MAX_ORIGIN_LOGGED);
    if (refused.size < MAX_REFUSALS_LOGGED && !refused.has(shown)) {
      refused.add(shown);
      log.warn({ origin: shown }, 'an origin was refused; list it in CORS_ORIGINS if its pages are yours');
    }
    return false;
  };
}

/** Response headers that pages may read in addition to the default ones; the last two lines are for uploads and players. */
const EXPOSED_HEADERS = [
  'x-request-id, ratelimit, ratelimit-policy, retry-after, cache-status',
  'tus-resumable, tus-version, tus-extension, tus-max-size, tus-checksum-algorithm, upload-offset, upload-length, upload-expires',
  'accept-ranges, content-disposition, content-range, etag',
].join(', ');

/** Request headers that pages may send; the last two lines as above. */
const ALLOWED_HEADERS = [
  'authorization, content-type, x-act-as, x-request-id, x-parley-cost, x-parley-receipt, idempotency-key',
  'tus-resumable, upload-offset, upload-checksum, x-http-method-override, x-requested-with',
  'range, if-range, if-none-match, if-modified-since',
].join(', ');

/** Returns the CORS headers of a response: none for the same origin, or for an origin that is not listed. */
export function corsHeaders(config: Origins, { headers, method }: IncomingMessage): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined || !config.corsOrigins.includes(origin)) return {};
  const shared = {
    'access-control-allow-origin': origin,
    vary: 'Origin',
    'cross-origin-resource-policy': 'cross-origin',
  };
  if (method !== 'OPTIONS') return { ...shared, 'access-control-expose-headers': EXPOSED_HEADERS };
  return {
    ...shared,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '600',
  };
}

/** Behind a proxy, the host may differ from that of PUBLIC_URL. */
function isOwn({ publicUrl }: Origins, origin: string, host: string | undefined): boolean {
  if (publicUrl && new URL(publicUrl).origin === origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
