import { type Client as WebSocketClient, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Typed by `npm run codegen`; any text works. */
export type Operation<Data = unknown, Variables = unknown> = { toString(): string; __apiType?: (variables: Variables) => Data };

export type Answer<Data> = {
  status: number;
  headers: Headers;
  data?: Data | null;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [detail: string]: unknown } }[];
};

export type Client = {
  key: string;
  /** One operation over HTTP, as it was answered. */
  send<Data = any, Variables = any>(operation: Operation<Data, Variables>, variables?: Variables): Promise<Answer<Data>>;
  /** Its data; throws where there are errors. */
  ask<Data = any, Variables = any>(operation: Operation<Data, Variables>, variables?: Variables): Promise<Data>;
  /** A subscription over WebSocket (each on a socket of its own): its results one by one. */
  follow<Data = any, Variables = any>(operation: Operation<Data, Variables>, variables?: Variables): Feed<Data>;
};

export type Feed<Data> = AsyncGenerator<{ data?: Data | null; errors?: Answer<Data>['errors'] }> & {
  /** The data of the next `count` results. */
  take(count: number): Promise<Data[]>;
  /** Resolves when the server has the subscription's socket. */
  connected: Promise<void>;
};

/** A client of the server at `url`, with a key, and with headers of its own where given. */
export function clientOf(url: string, key: string, headers: Record<string, string> = {}): Client {
  const send: Client['send'] = async (operation, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers },
      body: JSON.stringify({ query: operation.toString(), variables }),
    });
    return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
  };
  return {
    key,
    send,
    async ask(operation, variables) {
      const { data, errors } = await send(operation, variables);
      if (errors) throw new Error(JSON.stringify(errors));
      return data as NonNullable<typeof data>;
    },
    follow: (operation, variables) =>
      feedOf(socketOf(url, { authorization: `Bearer ${key}`, ...headers }), operation.toString(), variables) as never,
  };
}

export function socketOf(url: string, connectionParams: Record<string, unknown>): WebSocketClient {
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
  const results = client.iterate({ query, variables: variables as Record<string, unknown> }) as AsyncGenerator<{ data?: unknown }>;
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
      await client.dispose();
      return { done: true as const, value };
    },
    next: () => results.next(),
    throw: (error: unknown) => results.throw(error),
    [Symbol.asyncIterator]: () => feed,
    [Symbol.asyncDispose]: async () => void (await client.dispose()),
  };
  return feed as never;
}
