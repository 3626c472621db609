import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export type Delivery = { id: string; type: string; data: Record<string, string | null>; status: number };

/** One that takes webhooks, checks their signatures as docs/operations.md says, and answers with the status that it is told. */
export type WebhookReceiver = {
  /** For the process that sends. */
  env: { ALERT_WEBHOOK_URL: string; ALERT_WEBHOOK_SECRET: string };
  /** All that came, signed well. */
  deliveries: Delivery[];
  /** How many came that were not. */
  forged: number;
  /** How many it has taken whose senders still wait for an answer. */
  waiting: number;
  /** What it answers from now on: 204 at first. With `null` it takes a request, and says nothing. */
  answer(status: number | null, headers?: Record<string, string>): void;
  /** Resolves with the messages that were taken, each once, when one passes. */
  waitFor(passes: (delivery: Delivery) => boolean): Promise<Delivery>;
  /** The messages that were taken, each once. */
  taken(): Delivery[];
  stop(): Promise<void>;
  start(): Promise<void>;
};

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  let status: number | null = 204;
  let answerHeaders: Record<string, string> = {};
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.url !== '/alerts') return response.writeHead(404).end();
    if (!isSigned(request.headers, body)) {
      receiver.forged += 1;
      return response.writeHead(401).end();
    }
    const { type, data } = JSON.parse(body);
    deliveries.push({ id: String(request.headers['webhook-id']), type, data, status: status ?? 0 });
    receiver.waiting += 1;
    response.once('close', () => (receiver.waiting -= 1));
    if (status !== null) response.writeHead(status, answerHeaders).end();
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const port = await freePort(); // it listens there again after it was stopped
  await listen(port);
  const taken = () => {
    const good = deliveries.filter((each) => each.status >= 200 && each.status < 300);
    return good.filter(({ id }, index) => good.findIndex((other) => other.id === id) === index);
  };
  const receiver: WebhookReceiver = {
    env: { ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/alerts`, ALERT_WEBHOOK_SECRET: WEBHOOK_SECRET },
    deliveries,
    forged: 0,
    waiting: 0,
    taken,
    answer(next, headers = {}) {
      status = next;
      answerHeaders = headers;
    },
    async waitFor(passes) {
      const found = await until(async () => taken().find(passes), Boolean);
      return found as Delivery;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    start: () => listen(port),
  };
  return receiver;
}

/** As an application checks it. */
function isSigned(headers: IncomingHttpHeaders, body: string): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`]),
  );
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(signatures)
    .split(' ')
    .some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}
