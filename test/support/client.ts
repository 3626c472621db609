import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client as WebSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readEvents } from './event-stream.ts';

/** Typed by `npm run codegen`; any text works. */
export type Operation<Data = unknown, Variables = unknown> = {
  toString(): string;
  __apiType?: (variables: Variables) => Data;
};

export type Answer<Data> = {
  status: number;
  headers: Headers;
  data?: Data | null;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [detail: string]: unknown } }[];
};

export type Client = {
  key: string;
  /** One operation over HTTP, as it was answered. */
  send<Data = any, Variables = any>(
    operation: Operation<Data, Variables>,
    variables?: Variables,
  ): Promise<Answer<Data>>;
  /** Its data; throws where there are errors. Where requests that are sent at once wait too long for one another, it is sent again. */
  ask<Data = any, Variables = any>(operation: Operation<Data, Variables>, variables?: Variables): Promise<Data>;
  /** A subscription over WebSocket (each on a socket of its own): its results one by one. */
  follow<Data = any, Variables = any>(operation: Operation<Data, Variables>, variables?: Variables): Feed<Data>;
  /** A subscription over server-sent events: its results one by one. */
  stream<Data = any, Variables = any>(operation: Operation<Data, Variables>, variables?: Variables): Feed<Data>;
};

export type Feed<Data> = AsyncGenerator<{ data?: Data | null; errors?: Answer<Data>['errors'] }> & {
  /** The data of the next `count` results. */
  take(count: number): Promise<Data[]>;
  /** Resolves when the server has the subscription's socket. */
  connected: Promise<void>;
};

/** Whether nothing of an operation was done because others of its user ran, as happens on a slow machine. */
const hasWaitedTooLong = ({ data, errors = [] }: Answer<unknown>): boolean =>
  errors.every(({ message }) => message.startsWith('Your requests wait for one another')) &&
  Object.values(data ?? {}).every((value) => value === null);

/** A client of the server at `url`, with a key, and with headers of its own where given. */
export function clientOf(url: string, key: string, headers: Record<string, string> = {}): Client {
  const post = (operation: { toString(): string }, variables: unknown, more: RequestInit = {}) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      body: JSON.stringify({ query: operation.toString(), variables }),
      ...more,
      headers: {
        'content-type': 'application/json',
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...headers,
        ...(more.headers as object),
      },
    });
  const send: Client['send'] = async (operation, variables) => {
    const response = await post(operation, variables);
    return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
  };
  return {
    key,
    send,
    async ask(operation, variables) {
      for (;;) {
        const answer = await send(operation, variables);
        if (!answer.errors) return answer.data as NonNullable<typeof answer.data>;
        if (!hasWaitedTooLong(answer)) throw new Error(JSON.stringify(answer.errors));
        await sleep(1_000);
      }
    },
    follow: (operation, variables) =>
      feedOf(
        createWebSocketClient(url, { authorization: `Bearer ${key}`, ...headers }),
        operation.toString(),
        variables,
      ) as never,
    stream: (operation, variables) => streamOf((more) => post(operation, variables, more)) as never,
  };
}

export function createWebSocketClient(url: string, connectionParams: Record<string, unknown>): WebSocketClient {
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
  });
}

function feedOf(client: WebSocketClient, query: string, variables: unknown): Feed<unknown> {
  const connected = new Promise<void>((resolve) => client.on('connected', () => resolve()));
  const results = client.iterate({ query, variables: variables as Record<string, unknown> }) as AsyncGenerator<Result>;
  return asFeed(results, connected, async () => client.dispose());
}

type Result = { data?: unknown };

function streamOf(post: (more: RequestInit) => Promise<Response>): Feed<unknown> {
  const leaving = new AbortController();
  const response = post({ headers: { accept: 'text/event-stream' }, signal: leaving.signal });
  async function* results(): AsyncGenerator<Result> {
    const { body } = await response;
    if (!body) throw new Error('The stream has no body.');
    for await (const { event, data } of readEvents(body as unknown as AsyncIterable<Uint8Array>)) {
      if (event === 'complete') return;
      yield JSON.parse(data) as Result;
    }
    throw new Error('The stream broke off.');
  }
  const connected = response.then(() => {});
  connected.catch(() => {}); // reading says so, too
  return asFeed(results(), connected, async () => leaving.abort());
}

function asFeed(results: AsyncGenerator<Result>, connected: Promise<void>, leave: () => Promise<void>): Feed<unknown> {
  const feed = {
    connected,
    async take(count: number) {
      const taken: unknown[] = [];
      while (taken.length < count) {
        const { value, done } = await results.next();
        if (done) throw new Error(`The subscription ended after ${taken.length} of ${count} results.`);
        if (!value.data) throw new Error(JSON.stringify(value));
        taken.push(value.data);
      }
      return taken;
    },
    async return(value: unknown) {
      await leave();
      return { done: true as const, value };
    },
    next: () => results.next(),
    throw: (error: unknown) => results.throw(error),
    [Symbol.asyncIterator]: () => feed,
    [Symbol.asyncDispose]: leave,
  };
  return feed as never;
}
