import { APIConnectionError, APIError } from 'openai';
import { EndpointFailed, type EndpointFailure } from './failures.ts';

const LONGEST_DETAIL = 300;

/** What the client or the network threw, as one of ours. */
export function endpointFailure(error: unknown, apiKey: string | null): EndpointFailed {
  if (error instanceof EndpointFailed) return error;
  if (error instanceof SyntaxError) return new EndpointFailed('unreadable');
  if (error instanceof APIConnectionError) return new EndpointFailed('unreachable', { reason: reasonOf(error) });
  if (!(error instanceof APIError)) return new EndpointFailed('broken off', { reason: reasonOf(error) });
  const status = error.status ?? Number(error.code);
  const failure = failureOfStatus(status, error.code);
  // What an endpoint says about a wrong key shows a part of it.
  const said = failure === 'forbidden' ? null : maskedBy(apiKey, error.message).slice(0, LONGEST_DETAIL);
  return new EndpointFailed(failure, {
    retryAfterMs: status === 429 || status === 503 ? retryAfterMs(error.headers) : null,
    status,
    said,
    endpointRequestId: error.requestID,
  });
}

const maskedBy = (apiKey: string | null, text: string) => (apiKey ? text.replaceAll(apiKey, '[secret]') : text);

function failureOfStatus(status: number, code: string | null | undefined): EndpointFailure {
  if (code === 'insufficient_quota' || status === 402) return 'spent';
  if (status === 429) return 'busy';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'unknown';
  return status >= 400 && status < 500 && status !== 408 && status !== 409 ? 'refused' : 'failing';
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: seconds, or a date. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const value = headers?.get('retry-after');
  if (!value) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(ms, 0);
}

/** As ECONNREFUSED: undici hides it under `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error.cause === undefined ? error.name : reasonOf(error.cause);
}
