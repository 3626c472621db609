import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Logger } from '../adapters/log.ts';
import type { Credentials } from '../domain/authentication.ts';
import type { Actor } from '../domain/deps.ts';
import { DomainError } from '../domain/errors.ts';
import { limitExceeded } from './document-limits.ts';
import { toPublicError } from './errors.ts';
import type { LiveKeys } from './live-keys.ts';
import type { Metrics } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';
import { addressOf, credentialsOf, type Gatekeeper, requestIdOf } from './request.ts';

const MAX_FRAME_BYTES = 128 * 1024;
const MAX_OPERATIONS = 100;
const INIT_TIMEOUT_MS = 3_000;
const MAX_BUFFERED_BYTES = 4 * 2 ** 20;

/** Close codes beside those of the graphql-transport-ws protocol and RFC 6455. */
const CLOSE = { RESTARTING: 1012, TRY_AGAIN: 1013, FORBIDDEN: 4403, SLOW_READER: 4413 } as const;

type Connection = Extra & { actor?: Actor; unwatch?: () => void } & Record<PropertyKey, unknown>;
type Socket = SocketContext<Record<string, unknown>, Connection>;

export type WebSocketDoor = {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1012: the client reconnects, to another process or to the next one. */
  close(): Promise<void>;
};

export type WebSocketParts = { pipeline: Pipeline; gatekeeper: Gatekeeper; liveKeys: LiveKeys; metrics: Metrics; log: Logger };

/** The protocol graphql-transport-ws, as https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md has it. */
export function createWebSocketDoor({ pipeline, gatekeeper, liveKeys, metrics, log }: WebSocketParts): WebSocketDoor {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  server.on('connection', (socket) => {
    metrics.sockets.inc();
    socket.on('close', () => metrics.sockets.dec());
  });

  async function admit({ connectionParams, extra }: Socket): Promise<boolean> {
    try {
      const credentials = credentialsOf({ ...extra.request.headers, ...connectionParams });
      if (!credentials) return false;
      const request = { requestId: requestIdOf(extra.request.headers), ip: addressOf(extra.request) };
      extra.actor = await gatekeeper.admit(credentials, request);
      watch(extra, credentials);
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code !== 'UNAVAILABLE') return false;
      log.warn({ err: error }, 'a WebSocket could not be let in');
      extra.socket.close(CLOSE.TRY_AGAIN, 'Try again later');
      return false;
    }
  }

  function watch(extra: Connection, credentials: Credentials): void {
    extra.unwatch = liveKeys.watch(credentials, () => extra.socket.close(CLOSE.FORBIDDEN, 'Forbidden'));
  }

  /** What an operation runs with. A throw here would close the whole socket with 4500, so errors are answered. */
  async function prepare(socket: Socket, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const actor = socket.extra.actor as Actor;
    const requestId = requestIdOf({});
    try {
      if (Object.keys(socket.subscriptions).length > MAX_OPERATIONS) throw limitExceeded('operations a socket', MAX_OPERATIONS);
      const enveloped = pipeline.getEnveloped({ requestId, actor: { ...actor, requestId } });
      const document = enveloped.parse(payload.query);
      const errors = enveloped.validate(enveloped.schema, document) as readonly GraphQLError[];
      if (errors.length > 0) return errors.map((error) => toPublicError(error, requestId, log));
      return {
        schema: enveloped.schema,
        document,
        contextValue: await enveloped.contextFactory(),
        variableValues: payload.variables ?? null,
        operationName: payload.operationName ?? null,
        rootValue: { run: enveloped, requestId } satisfies Root,
      };
    } catch (error) {
      return [toPublicError(error, requestId, log)];
    }
  }

  type Root = { run: Pick<ReturnType<Pipeline['getEnveloped']>, 'execute' | 'subscribe'>; requestId: string };
  const running = (kind: 'execute' | 'subscribe') => async (args: ExecutionArgs) => {
    const { run, requestId } = args.rootValue as Root;
    const shown = (error: unknown): ExecutionResult => ({ errors: [toPublicError(error, requestId, log)] });
    try {
      const result = await run[kind]({ ...args, rootValue: undefined });
      return isStream(result) ? endingInWords(result, shown) : (result as ExecutionResult);
    } catch (error) {
      return shown(error);
    }
  };

  const handle = useServer<Record<string, unknown>, Connection>(
    {
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: admit,
      onSubscribe: (socket, _id, payload) => prepare(socket as Socket, payload) as Promise<ExecutionArgs | GraphQLError[]>,
      execute: running('execute'),
      subscribe: running('subscribe') as never,
      onNext({ extra: { socket } }) {
        if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.close(CLOSE.SLOW_READER, 'Slow reader');
      },
      onDisconnect: ({ extra }) => (extra as Connection).unwatch?.(),
      onClose: ({ extra }) => (extra as Connection).unwatch?.(),
    },
    server,
  );

  return {
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
    async close() {
      for (const client of server.clients) client.close(CLOSE.RESTARTING, 'Server is restarting');
      await handle.dispose();
    },
  };
}

function isStream(result: unknown): result is AsyncGenerator<ExecutionResult> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

/** A stream that breaks says why in a last event, and ends only itself. */
function endingInWords(source: AsyncGenerator<ExecutionResult>, shown: (error: unknown) => ExecutionResult): AsyncGenerator<ExecutionResult> {
  let broken = false;
  return {
    async next() {
      if (broken) return { done: true, value: undefined };
      try {
        return await source.next();
      } catch (error) {
        broken = true;
        return { done: false, value: shown(error) };
      }
    },
    return: (value) => source.return(value),
    throw: (error) => source.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => void (await source.return(undefined)),
  };
}
