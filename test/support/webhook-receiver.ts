import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The path of the webhooks of users. */
const HOOKS = '/hooks/';

export type Delivery = {
  id: string;
  type: string;
  data: Record<string, string | null>;
  status: number;
  /** Where it came, as `/alerts`. */
  path: string;
  timestamp: string;
  /** The secrets with which it is signed, of those that are trusted. */
  signedWith: string[];
};

/** One that takes alerts, and webhooks of users, checks their signatures as docs/operations.md says, and answers with the status that it is told. */
export type WebhookReceiver = {
  /** For the process that sends. */
  env: { ALERT_WEBHOOK_URL: string; ALERT_WEBHOOK_SECRET: string };
  /** The URL of a webhook of this name, and a secret from now on to be trusted beside that of alerts. */
  urlOf(name: string): string;
  trust(secret: string): void;
  /** All that came, signed well. */
  deliveries: Delivery[];
  /** How many came that were not. */
  forged: number;
  /** How many it has taken whose senders still wait for an answer. */
  waiting: number;
  /** What it answers from now on: 204 at first. With `null` it takes a request, and says nothing. */
  answer(status: number | null, headers?: Record<string, string>, body?: string): void;
  /** The same for one webhook only. */
  answerAt(name: string, status: number | null): void;
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
  let answerBody = '';
  const statusAt = new Map<string, number | null>();
  const secrets = [WEBHOOK_SECRET];
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const path = request.url ?? '';
    if (path !== '/alerts' && !path.startsWith(HOOKS)) return response.writeHead(404).end();
    const signedWith = secrets.filter((secret) => isSigned(request.headers, body, secret));
    if (signedWith.length === 0) {
      receiver.forged += 1;
      return response.writeHead(401).end();
    }
    const { type, data, timestamp } = JSON.parse(body);
    const answered = statusAt.has(path) ? (statusAt.get(path) ?? null) : status;
    const id = String(request.headers['webhook-id']);
    deliveries.push({ id, type, data, timestamp, path, signedWith, status: answered ?? 0 });
    receiver.waiting += 1;
    response.once('close', () => (receiver.waiting -= 1));
    if (answered !== null) response.writeHead(answered, answerHeaders).end(answerBody);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const port = await freePort(); // it listens there again after it was stopped
  await listen(port);
  const taken = () => {
    const good = deliveries.filter((each) => each.status >= 200 && each.status < 300);
    return [...Map.groupBy(good, ({ id }) => id).values()].map(([first]) => first as Delivery);
  };
  const receiver: WebhookReceiver = {
    env: { ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/alerts`, ALERT_WEBHOOK_SECRET: WEBHOOK_SECRET },
    urlOf: (name) => `http://127.0.0.1:${port}${HOOKS}${name}`,
    trust: (secret) => void secrets.push(secret),
    deliveries,
    forged: 0,
    waiting: 0,
    taken,
    answer(next, headers = {}, body = '') {
      status = next;
      answerHeaders = headers;
      answerBody = body;
    },
    answerAt: (name, next) => void statusAt.set(`${HOOKS}${name}`, next),
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
function isSigned(headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`]),
  );
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(signatures)
    .split(' ')
    .some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}
