import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

type Json = any;

export type Message = { type: string; id?: string; payload?: Json };

export type Socket = {
  send(message: Message | string): void;
  /** In one write, so that nothing has come of the first when the server reads the last. */
  sendTogether(messages: readonly Message[]): void;
  /** Resolves with the next message, past or future, that passes; rejects when the socket closes before. */
  waitFor(passes: (message: Message) => boolean): Promise<Message>;
  /** All that has come and was not asked for yet. */
  messages(): Message[];
  /** One query or mutation: its result, or the errors that refused it. */
  run(operation: {
    query: string;
    variables?: unknown;
    operationName?: string;
  }): Promise<{ data?: Json; errors?: Json[] }>;
  closed: Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
};

type Options = { protocol?: string | undefined; headers?: Record<string, string> };

/** Opens a bare socket of the protocol graphql-transport-ws, which sends only what the test does. Rejects where it is refused. */
export async function openSocket(
  url: string,
  { protocol = 'graphql-transport-ws', headers = {} }: Options = {},
): Promise<Socket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocol ? [protocol] : [], { headers });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Message);
    for (const look of waiting) look();
  });
  const waitFor = (passes: (message: Message) => boolean) =>
    new Promise<Message>((resolve, reject) => {
      const look = () => {
        const index = messages.findIndex(passes);
        if (index < 0) return;
        waiting.delete(look);
        resolve(messages.splice(index, 1)[0] as Message);
      };
      waiting.add(look);
      look();
      void closed.then(({ code }) => reject(new Error(`The socket was closed with ${code}.`)));
    });
  const send = (message: Message | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  let operations = 0;
  await once(socket, 'open');
  const { _socket: stream } = socket as unknown as { _socket: Duplex };
  return {
    send,
    sendTogether(messages) {
      stream.cork();
      for (const message of messages) send(message);
      stream.uncork();
    },
    waitFor,
    messages: () => [...messages],
    async run(payload) {
      const id = `operation-${operations++}`;
      send({ type: 'subscribe', id, payload });
      const answer = await waitFor((message) => message.id === id);
      if (answer.type === 'error') return { errors: answer.payload };
      await waitFor((message) => message.id === id && message.type === 'complete');
      return answer.payload;
    },
    closed,
    async close() {
      socket.close();
      await closed;
    },
  };
}

/** Opens a socket and initialises its connection with `params`. */
export async function connect(url: string, params: Record<string, unknown>): Promise<Socket> {
  const socket = await openSocket(url);
  socket.send({ type: 'connection_init', payload: params });
  await socket.waitFor(({ type }) => type === 'connection_ack');
  return socket;
}
