import { connect } from './graphql-socket.ts';
import { bearer, httpRequest, postGraphql } from './http.ts';

export type Operation = { query: string; variables?: unknown; operationName?: string };
type Data = any;
export type Result = {
  data?: Data;
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
};

/** Sends one operation with a key, and returns its first result. */
export type Transport = (
  url: string,
  key: string,
  operation: Operation,
  headers?: Record<string, string>,
) => Promise<Result>;

/** Every way by which an operation comes in. */
export const TRANSPORTS = {
  'an HTTP POST': async (url, key, operation, headers) =>
    (await postGraphql(url, operation, { ...bearer(key), ...headers })).json,
  'an HTTP GET': async (url, key, operation, headers) =>
    (
      await httpRequest(`${url}/graphql?${search(operation)}`, {
        headers: { ...bearer(key), accept: 'application/json', ...headers },
      })
    ).json,
  'a GET of server-sent events': async (url, key, operation, headers) =>
    firstEvent(
      (await httpRequest(`${url}/graphql?${search(operation)}`, { headers: { ...bearer(key), ...SSE, ...headers } }))
        .text,
    ),
  'a POST for server-sent events': async (url, key, operation, headers) =>
    firstEvent((await postGraphql(url, operation, { ...bearer(key), ...SSE, ...headers })).text),
  'a WebSocket': async (url, key, operation, headers) => {
    const socket = await connect(url, { ...bearer(key), ...headers });
    try {
      return await socket.run(operation);
    } finally {
      await socket.close();
    }
  },
} satisfies Record<string, Transport>;

export const EVERY_TRANSPORT = Object.entries(TRANSPORTS) as [keyof typeof TRANSPORTS, Transport][];

const SSE = { accept: 'text/event-stream' };

function search({ query, variables, operationName }: Operation): URLSearchParams {
  const params = new URLSearchParams({ query });
  if (variables !== undefined) params.set('variables', JSON.stringify(variables));
  if (operationName !== undefined) params.set('operationName', operationName);
  return params;
}

/** What the first `next` event of a stream carries; a refusal before the stream is plain JSON. */
function firstEvent(text: string): Result {
  const [, data] = /^event: next\ndata: (.*)$/m.exec(text) ?? [];
  return JSON.parse(data ?? text) as Result;
}
