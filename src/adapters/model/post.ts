import type { Endpoint } from '#config/models.ts';
import { EndpointFailed } from './endpoint-failures.ts';
import { parseJson } from './parse-json.ts';
import { findReportedError, toEndpointFailed } from './reported-errors.ts';

/** The maximum size of a response in bytes: 100,000 tokens in events of 600 bytes. */
const MAX_RESPONSE_BYTES = 64 * 2 ** 20;
/** The maximum size of an error response in bytes. */
const MAX_ERROR_BYTES = 64 * 2 ** 10;

/**
 * Sends a request to an endpoint; `path` is appended to its base URL, before that URL's query. Returns the response, whose body ends with
 * EndpointFailed if it is cut off. Throws EndpointFailed for any status but success.
 */
export function post(endpoint: Endpoint, path: string, body: object, signal: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream, application/json' };
  return postBody(endpoint, path, { headers, body: JSON.stringify(body), signal });
}

/** The same for a form, for example with a file. */
export function postForm(endpoint: Endpoint, path: string, body: FormData, signal: AbortSignal): Promise<Response> {
  return postBody(endpoint, path, { headers: { accept: 'application/json' }, body, signal });
}

async function postBody(
  { baseUrl, apiKey }: Endpoint,
  path: string,
  { headers, ...request }: { headers: Record<string, string>; body: string | FormData; signal: AbortSignal },
): Promise<Response> {
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/*$/, path);
  const authorization = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  const response = await send(url, { method: 'POST', headers: { ...headers, ...authorization }, ...request });
  if (response.ok) return limitBody(response, MAX_RESPONSE_BYTES);
  const error = await readError(limitBody(response, MAX_ERROR_BYTES));
  throw toEndpointFailed(error, { apiKey, response });
}

async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    throw new EndpointFailed('unreachable', { reason: findReason(error) });
  }
}

function limitBody(response: Response, maxBytes: number): Response {
  let size = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      size += bytes.length;
      if (size > maxBytes) controller.error(new EndpointFailed('endless response'));
      else controller.enqueue(bytes);
    },
  });
  return response.body ? new Response(response.body.pipeThrough(limit), response) : response;
}

/** Reads the error in the response; a body that is not JSON is the message. */
async function readError(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  const [body] = [parseJson(text) ?? text].flat();
  return findReportedError(body) ?? body;
}

/** Such as ECONNREFUSED: undici hides it under `fetch failed`. */
export function findReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error.cause === undefined ? error.name : findReason(error.cause);
}
