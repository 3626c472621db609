import { createHmac } from 'node:crypto';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { readRetryAfter } from '#adapters/retry-after.ts';
import { AddressRefused, type ReceiverRules } from './receiver-rules.ts';

/**
 * Who gets messages, and the secrets by which they see that these are ours: `whsec_` and base64. Several sign at once while one takes the
 * place of another.
 */
export type WebhookReceiver = { url: string; secrets: readonly string[] };

/** What is sent: the id is the same however often it is, so that its receiver can tell. */
export type WebhookMessage = { id: string; body: string };

/** `rules` where somebody else than the operator has named the receiver. */
type SendOptions = { now: Date; signal?: AbortSignal; rules?: ReceiverRules };

/** What of an answer other than success matters. */
type Answer = { status: number | null; said: string; retryAfterMs: number | null };

const NO_ANSWER: Answer = { status: null, said: '', retryAfterMs: null };

/** The receiver did not take a message. The reason names no address, which may be a secret. */
export class WebhookFailed extends Error {
  override name = 'WebhookFailed';
  /** The status that it answered with; null if it did not answer. */
  readonly status: number | null;
  /** The beginning of what it said with that. */
  readonly said: string;
  /** How long it asks to be left alone, where it does. */
  readonly retryAfterMs: number | null;

  constructor(reason: string, { status, said, retryAfterMs }: Answer = NO_ANSWER) {
    super(reason);
    this.status = status;
    this.said = said;
    this.retryAfterMs = retryAfterMs;
  }
}

const TIMEOUT_MS = 10_000;
/** Bytes of an answer that are read. */
const MAX_ANSWER_BYTES = 1_024;

/**
 * Sends a message by POST, signed as https://www.standardwebhooks.com has it, over a connection of its own, and returns the status of the
 * answer. A redirect is not followed: it may lead anywhere, and takes the message along. Throws WebhookFailed for any status but success.
 */
export async function sendWebhook(
  { url, secrets }: WebhookReceiver,
  { id, body }: WebhookMessage,
  { now, signal, rules }: SendOptions,
): Promise<number> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Parley',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`).join(' '),
  };
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const response = await post(new URL(url), { headers, body, signal: bounded, rules }).catch((error: Error) => {
    throw new WebhookFailed(describeFailure(error, timeout.aborted));
  });
  const said = await readBeginning(response);
  const { statusCode: status = 0 } = response;
  if (status >= 200 && status < 300) return status;
  const retryAfterMs = readRetryAfter(response.headers['retry-after'], now);
  throw new WebhookFailed(`answered ${status}${explainStatus(status)}`, { status, said, retryAfterMs });
}

type Post = { headers: OutgoingHttpHeaders; body: string; signal: AbortSignal; rules: ReceiverRules | undefined };

function post(url: URL, { headers, body, signal, rules }: Post): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const problem = rules?.findProblem(url);
    if (problem) throw new AddressRefused(problem);
    const options = { method: 'POST', headers, agent: false, signal, ...(rules && { lookup: rules.lookup }) };
    request(url, options, resolve)
      .on('error', reject)
      // A receiver that answers 101 causes neither a response nor an error: its attempt never ended, and kept its place for ever.
      .on('close', () => reject(new NoResponse()))
      .end(body);
  });
}

/** The connection was closed without an answer that is one. */
class NoResponse extends Error {
  readonly code = 'ECONNRESET';
}

/** What is left of a longer answer is dropped with the connection. */
async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // The status counts, and that has come.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString();
}

function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}

function explainStatus(status: number): string {
  if (status === 410) return ' (Gone)';
  return status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
}

function describeFailure(error: Error & { code?: string }, isLate: boolean): string {
  if (isLate) return `did not answer within ${TIMEOUT_MS / 1_000} s`;
  if (error instanceof AddressRefused) return `is not allowed: ${error.message}`;
  return `cannot be reached (${error.code ?? error.name})`;
}
