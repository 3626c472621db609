import { APIConnectionError, APIError } from 'openai';
import { EndpointFailed, type EndpointFailure } from './endpoint-failures.ts';

/** Characters of an endpoint's message that the log keeps: some quote the whole request. */
const MAX_DETAIL_LENGTH = 300;

/** Returns what the client or the network threw as one of our failures; `apiKey` is masked in what it says. */
export function toEndpointFailed(error: unknown, apiKey: string | null): EndpointFailed {
  if (error instanceof EndpointFailed) return error;
  if (error instanceof SyntaxError) return new EndpointFailed('malformed response');
  if (error instanceof APIConnectionError) return new EndpointFailed('unreachable', { reason: findReason(error) });
  if (!(error instanceof APIError)) return new EndpointFailed('incomplete response', { reason: findReason(error) });
  const status = error.status ?? Number(error.code);
  const failure = failureOfStatus(status, error.code);
  // What an endpoint says about a wrong key shows a part of it.
  const message = failure === 'unauthorized' ? null : maskSecret(apiKey, error.message).slice(0, MAX_DETAIL_LENGTH);
  return new EndpointFailed(failure, {
    retryAfterMs: status === 429 || status === 503 ? retryAfterMs(error.headers) : null,
    status,
    message,
    endpointRequestId: error.requestID,
  });
}

const maskSecret = (apiKey: string | null, text: string) => (apiKey ? text.replaceAll(apiKey, '[secret]') : text);

function failureOfStatus(status: number, code: string | null | undefined): EndpointFailure {
  if (code === 'insufficient_quota' || status === 402) return 'quota exhausted';
  if (status === 429) return 'rate limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'model not found';
  return status >= 400 && status < 500 && status !== 408 && status !== 409 ? 'bad request' : 'server error';
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: seconds, or a date. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const value = headers?.get('retry-after');
  if (!value) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(ms, 0);
}

/** As ECONNREFUSED: undici hides it under `fetch failed`. */
function findReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error.cause === undefined ? error.name : findReason(error.cause);
}
