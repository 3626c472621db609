import { WebSocket } from 'ws';
import { overHttp, type Send, type Shot } from './hostile-shots.ts';
import { HOSTILE_JSON, HOSTILE_TEXTS, type HostileText } from './hostile-texts.ts';

/** Bytes of a body, a header and a frame that are taken. */
const [BODY, HEADER, FRAME] = [260_000, 15_000, 130_000];

const inJson = (text: HostileText, bytes: number) => {
  const each = Buffer.byteLength(JSON.stringify(text.of(2_000))) / 2_000;
  return text.of(Math.floor(bytes / each) - 100);
};

/** Where a text is a part of a document or of a request, beside the arguments of fields. */
const BODIES: Record<string, (text: string) => object> = {
  query: (query) => ({ query }),
  'query, a text': (text) => ({ query: `{ user(username: ${JSON.stringify(text)}) { id } }` }),
  'query, a block of text': (text) => ({ query: `{ user(username: """${text}""") { id } }` }),
  'query, a comment': (text) => ({ query: `{ __typename } # ${text}` }),
  'query, after a name': (text) => ({ query: `{ viewer ${text} }` }),
  'query, arguments': (text) => ({ query: `{ user(username: ${text}) { id } }` }),
  operationName: (operationName) => ({ query: 'query A { __typename }', operationName }),
  documentId: (documentId) => ({ documentId }),
  'extensions.persistedQuery': (sha256Hash) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  'a variable': (text) => ({ query: 'query ($a: String!) { user(username: $a) { id } }', variables: { a: text } }),
  'a variable of another type': (text) => ({
    query: 'query ($a: Int) { conversations(first: $a) { totalCount } }',
    variables: { a: text },
  }),
  'an enum': (text) => ({
    query: 'query ($a: ConversationOrder) { conversations(orderBy: $a) { totalCount } }',
    variables: { a: text },
  }),
  'a key of variables': (text) => ({
    query: 'query ($a: ConversationFilter) { conversations(filter: $a) { totalCount } }',
    variables: { a: { [text]: 1 } },
  }),
};

const HEADERS = [
  'authorization',
  'accept',
  'content-type',
  'origin',
  'x-request-id',
  'x-forwarded-for',
  'traceparent',
  'cookie',
  'accept-encoding',
  'if-none-match',
  'x-parley-cost',
];
const PATHS = [
  '/graphql?query=',
  '/graphql?query={__typename}&variables=',
  '/',
  '/media/',
  '/episodes?format=',
  '/episodes?title=',
  '/episodes/',
  '/uploads/',
  '/leads.csv?',
  '/calls.csv?from=',
  '/webhooks/',
];

export function listHostileRequests(url: string, authorized: Record<string, string>): Shot[] {
  const shot = (input: string, text: HostileText, prepare: () => Send): Shot => ({
    input,
    text: text.name,
    begins: false,
    prepare,
  });
  const some = HOSTILE_TEXTS.filter((_, index) => index % 4 === 2);
  const json = { ...authorized, 'content-type': 'application/json' };
  return [
    ...Object.entries(BODIES).flatMap(([input, bodyOf]) =>
      HOSTILE_TEXTS.map((text) =>
        shot(`POST ${input}`, text, () => {
          const body = JSON.stringify(bodyOf(inJson(text, BODY)));
          return overHttp(new Request(`${url}/graphql`, { method: 'POST', headers: json, body }));
        }),
      ),
    ),
    ...[...HOSTILE_JSON, ...HOSTILE_TEXTS].map((text) =>
      shot('POST body', text, () => {
        const each = Buffer.byteLength(text.of(2_000)) / 2_000;
        return overHttp(
          new Request(`${url}/graphql`, {
            method: 'POST',
            headers: json,
            body: text.of(Math.floor(BODY / Math.max(each, 1)) - 100),
          }),
        );
      }),
    ),
    ...HOSTILE_JSON.map((text) =>
      shot('POST variables', text, () =>
        overHttp(
          new Request(`${url}/graphql`, {
            method: 'POST',
            headers: json,
            body: `{"query":"{__typename}","variables":{"a":${text.of(BODY - 1_000)}}}`,
          }),
        ),
      ),
    ),
    ...HEADERS.flatMap((name) =>
      some
        .filter((text) => /^[ -~]*$/.test(text.of(HEADER)))
        .map((text) =>
          shot(`header ${name}`, text, () =>
            overHttp(
              new Request(`${url}/graphql`, {
                method: 'POST',
                headers: { ...json, [name]: text.of(HEADER) },
                body: '{"query":"{__typename}"}',
              }),
            ),
          ),
        ),
    ),
    ...PATHS.flatMap((path) =>
      some.map((text) =>
        shot(`GET ${path}`, text, () => {
          const encoded = encodeURIComponent(text.of(2_000).toWellFormed()).slice(0, HEADER);
          return overHttp(new Request(url + path + encoded.replace(/%[^%]{0,1}$/, ''), { headers: authorized }));
        }),
      ),
    ),
    ...HOSTILE_TEXTS.flatMap((text) => [
      shot('WebSocket, a message', text, () => overSocket(url, [text.of(FRAME / 3).toWellFormed()])),
      shot('WebSocket, connection_init', text, () =>
        overSocket(url, [
          JSON.stringify({ type: 'connection_init', payload: { ...authorized, a: inJson(text, FRAME - 1000) } }),
        ]),
      ),
      shot('WebSocket, a key', text, () =>
        overSocket(url, [
          JSON.stringify({ type: 'connection_init', payload: { authorization: inJson(text, FRAME - 1000) } }),
        ]),
      ),
      ...[
        { id: '1', type: 'subscribe', payload: { query: inJson(text, FRAME - 1_000) } },
        { id: inJson(text, FRAME - 1_000), type: 'subscribe', payload: { query: '{__typename}' } },
        {
          id: '1',
          type: 'subscribe',
          payload: {
            query: 'subscription ($a: String) { changes(after: $a) { __typename } }',
            variables: { a: inJson(text, FRAME - 1_000) },
          },
        },
      ].map((message, place) =>
        shot(`WebSocket, subscribe ${place}`, text, () =>
          overSocket(url, [JSON.stringify({ type: 'connection_init', payload: authorized }), JSON.stringify(message)]),
        ),
      ),
    ]),
    ...HOSTILE_JSON.map((text) =>
      shot('WebSocket, a message', text, () =>
        overSocket(url, [`{"type":"connection_init","payload":{"a":${text.of(FRAME - 1_000)}}}`]),
      ),
    ),
  ];
}

/** How long an answer is waited for that may not come. */
const WAIT_MS = 300;

/** Sends messages once the ones before are answered, and says how the last was. */
const overSocket =
  (url: string, messages: readonly string[]): Send =>
  () =>
    new Promise((resolve) => {
      const socket = new WebSocket(url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws');
      const left = [...messages];
      let said = 'silent';
      let timer: NodeJS.Timeout;
      const next = () => {
        clearTimeout(timer);
        const message = left.shift();
        if (message === undefined) return socket.close();
        socket.send(message);
        timer = setTimeout(() => socket.close(), WAIT_MS);
      };
      socket.on('open', next).on('message', (data) => {
        said = /"code":\s*"(\w+)"/.exec(String(data))?.[1] ?? 'ok';
        next();
      });
      socket.on('error', (error) => resolve(`lost: ${error.message}`));
      socket.on('close', (code) => resolve(`${code} ${said}`));
    });
