import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { loadTwilio } from '#adapters/telephony/twilio/library.ts';
import { readRelayMessage } from '#adapters/telephony/twilio/relay-messages.ts';
import { WEBHOOKS } from '#adapters/telephony/twilio/twilio-line.ts';
import type { TwilioSettings } from '#config/telephony.ts';
import type { Services } from '#domain/core/deps.ts';
import type { RelaySession } from '#domain/sales/calls/talk/relay-sessions.ts';
import { type Refusal, refuseHandshake } from '#http/malformed-requests.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import { pathOf } from '#http/request.ts';
import { spreadOver } from '#http/spread.ts';
import { RelayTalk } from './relay-session.ts';

/** The maximum size of a message in bytes: that of a webhook. */
const MAX_FRAME_BYTES = 64 * 1024;
/** The timeout of the first message in milliseconds. */
const SETUP_TIMEOUT_MS = 5_000;
/** The timeout of the closing handshake in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000;
/** The burst size and the rate per second of messages of a socket. Partial prompts arrive about ten times a second. */
const MAX_BURST = 300;
const MESSAGES_PER_SECOND = 50;

/** Close codes of RFC 6455. */
const CLOSE = { RESTARTING: 1012, POLICY: 1008 } as const;

const PATH = new RegExp(`^${WEBHOOKS}/relay/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(\\d)$`);

/** Returns the WebSocket URL of a session of a call. The session is in the path, because Twilio does not sign queries consistently. */
export const relayAddress = ({ publicUrl }: Pick<TwilioSettings, 'publicUrl'>, { callId, session }: RelaySession) =>
  `${webSocketUrl(publicUrl)}${WEBHOOKS}/relay/${callId}/${session}`;

const webSocketUrl = (url: string) => url.replace(/^http/, 'ws');

/** The WebSocket endpoint of ConversationRelay. */
export type RelayTransport = {
  /** Whether a path belongs to this endpoint. */
  serves(path: string): boolean;
  /** Upgrades a connection, or rejects it: with 403 if the signature is invalid. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, refuse: (refusal: Refusal) => void): Promise<void>;
  /**
   * Closes all sockets with 1012, spread over a time, each after its current turn is stored and answered. Twilio then requests how to
   * continue the call from another process, or from the restarted one.
   */
  close(spreadMs: number): Promise<void>;
};

const NOT_SIGNED: Refusal = { status: 403, code: 'FORBIDDEN', message: 'The request is not signed as Twilio does it.' };
const NO_SESSION: Refusal = { status: 404, code: 'NOT_FOUND', message: 'There is no such session of a call.' };

/** Creates the endpoint to which Twilio opens a WebSocket for each call. Requests are signed like webhooks, for the `wss:` URL. */
export function createRelayTransport(
  settings: TwilioSettings,
  services: Services,
  metrics: Pick<Metrics, 'sockets'>,
): RelayTransport {
  const library = loadTwilio();
  library.catch(() => {});
  // `closeTimeout` is missing in the types of ws.
  const options = {
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const server = new WebSocketServer(options).on('wsClientError', refuseHandshake);
  const talks = new Map<WebSocket, RelayTalk>();

  return {
    serves: (path) => PATH.test(path),
    async upgrade(request, socket, head, refuse) {
      const [, callId, session] = PATH.exec(pathOf(request)) ?? [];
      const signature = request.headers['x-twilio-signature'];
      const { validateRequest } = await library;
      const address = `${webSocketUrl(settings.publicUrl)}${request.url}`;
      if (typeof signature !== 'string' || !validateRequest(settings.authToken, signature, address, {}))
        return refuse(NOT_SIGNED);
      if (!callId || session === undefined) return refuse(NO_SESSION);
      server.handleUpgrade(request, socket, head, (opened) =>
        carry({ services, metrics, talks }, opened, { callId, session: Number(session) }),
      );
    },
    async close(spreadMs) {
      await spreadOver(talks, spreadMs, ([socket, talk]) => {
        void talk.settle().then(() => socket.close(CLOSE.RESTARTING, 'Server is restarting'));
      });
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Carried = { services: Services; metrics: Pick<Metrics, 'sockets'>; talks: Map<WebSocket, RelayTalk> };

/** Runs a session of a call over a socket until either ends. */
function carry({ services, metrics, talks }: Carried, socket: WebSocket, relay: RelaySession): void {
  const { log } = services;
  const talk = new RelayTalk(services, relay, {
    send(command) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(command));
    },
    close: (code, reason) => socket.close(code, reason),
  });
  talks.set(socket, talk);
  metrics.sockets.inc();
  const late = setTimeout(() => socket.close(CLOSE.POLICY, 'No setup'), SETUP_TIMEOUT_MS);
  const mayCome = createLimit();
  socket.on('message', (data: Buffer) => {
    if (!mayCome()) return socket.close(CLOSE.POLICY, 'Too many messages');
    const message = readRelayMessage(String(data));
    if (!message) return log.debug(relay, 'a message of Twilio is none that is known');
    if (message.type === 'setup') clearTimeout(late);
    talk.receive(message);
  });
  socket.on('error', (error) => log.debug({ err: error, ...relay }, 'a socket of Twilio broke'));
  socket.on('close', () => {
    clearTimeout(late);
    talk.end();
    talks.delete(socket);
    metrics.sockets.dec();
  });
}

/** Returns a function that counts messages, and returns whether another one is allowed. */
function createLimit(): () => boolean {
  let left = MAX_BURST;
  let countedAt = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(MAX_BURST, left + ((now - countedAt) / 1000) * MESSAGES_PER_SECOND) - 1;
    countedAt = now;
    return left >= 0;
  };
}
