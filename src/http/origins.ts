import type { IncomingMessage } from 'node:http';
import type { Config } from '#config/config.ts';

type Origins = Pick<Config, 'corsOrigins' | 'publicUrl'>;

/**
 * Whether a request may come in: one that a browser sends for a page of another origin, only if that origin is listed.
 */
export function allowsOrigin(config: Origins, { headers }: IncomingMessage): boolean {
  const { origin } = headers;
  return origin === undefined || isOwn(config, origin, headers.host) || config.corsOrigins.includes(origin);
}

/** Returns the CORS headers of a response: none for pages of this origin, or of one that is not listed. */
export function corsHeaders(config: Origins, { headers, method }: IncomingMessage): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined || !config.corsOrigins.includes(origin)) return {};
  const shared = {
    'access-control-allow-origin': origin,
    vary: 'Origin',
    'cross-origin-resource-policy': 'cross-origin',
  };
  if (method !== 'OPTIONS')
    return { ...shared, 'access-control-expose-headers': 'x-request-id, ratelimit, ratelimit-policy, retry-after' };
  return {
    ...shared,
    'access-control-allow-methods': 'GET, POST, PUT',
    'access-control-allow-headers': 'authorization, content-type, x-act-as, x-request-id, idempotency-key',
    'access-control-max-age': '600',
  };
}

/** Behind a proxy, the host may differ from that of PUBLIC_URL. */
function isOwn({ publicUrl }: Origins, origin: string, host: string | undefined): boolean {
  if (publicUrl && new URL(publicUrl).origin === origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
