import { createHmac } from 'node:crypto';

/** Who gets messages, and the secret by which they see that these are ours: `whsec_` and base64. */
export type WebhookReceiver = { url: string; secret: string };

/** What is sent: the id is the same however often it is, so that its receiver can tell. */
export type WebhookMessage = { id: string; body: string };

/** The receiver did not take a message. The reason names no address, which may be a secret. */
export class WebhookFailed extends Error {
  override name = 'WebhookFailed';
  /** How long it asks to be left alone, where it does. */
  readonly retryAfterMs: number | null;

  constructor(reason: string, retryAfterMs: number | null = null) {
    super(reason);
    this.retryAfterMs = retryAfterMs;
  }
}

const TIMEOUT_MS = 10_000;

/**
 * Sends a message by POST, signed as https://www.standardwebhooks.com has it. A redirect is not followed: it may lead anywhere, and
 * takes the message along. Throws WebhookFailed for any status but success.
 */
export async function sendWebhook(
  { url, secret }: WebhookReceiver,
  { id, body }: WebhookMessage,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<void> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Parley',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`,
  };
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(url, { method: 'POST', redirect: 'manual', headers, body, signal: bounded }).catch(
    (error: unknown) => {
      throw new WebhookFailed(describeFailure(error));
    },
  );
  await response.body?.cancel().catch(() => {});
  if (response.ok) return;
  throw new WebhookFailed(`answered ${response.status}${explainStatus(response.status)}`, retryAfterMsOf(response));
}

function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}

const explainStatus = (status: number) => (status >= 300 && status < 400 ? ', a redirect, which is not followed' : '');

function describeFailure(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError'
    ? `did not answer within ${TIMEOUT_MS / 1_000} s`
    : `cannot be reached (${cause?.code ?? name})`;
}

function retryAfterMsOf({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}
