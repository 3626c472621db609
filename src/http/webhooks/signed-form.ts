import type { IncomingMessage } from 'node:http';
import type { Twilio } from '#adapters/telephony/twilio/library.ts';
import type { WebhookParams } from '#adapters/telephony/twilio/reports.ts';
import type { TwilioSettings } from '#config/telephony.ts';
import { readBody } from '#http/body.ts';
import { HttpError } from '#http/errors.ts';
import { contentTypeOf } from '#http/uploads/upload-request.ts';

/** Bytes of a webhook: what a person says in a minute, percent-encoded, and some thirty parameters. */
const MAX_BYTES = 64 * 1024;

const tooLarge = () => new HttpError(413, 'FILE_TOO_LARGE', `A webhook may have at most ${MAX_BYTES} bytes.`);

/**
 * Reads the form of a webhook that Twilio has signed, over the address at which we are known to it: what a proxy, or whoever
 * pretends to be one, says of the address counts for nothing. Throws HttpError (403, 405, 413, 415).
 */
export async function readWebhook(
  { validateRequest }: Twilio,
  { authToken, publicUrl }: Pick<TwilioSettings, 'authToken' | 'publicUrl'>,
  request: IncomingMessage,
): Promise<WebhookParams> {
  if (request.method !== 'POST')
    throw new HttpError(405, 'BAD_USER_INPUT', 'Send POST.', { headers: { allow: 'POST' } });
  if (contentTypeOf(request) !== 'application/x-www-form-urlencoded')
    throw new HttpError(415, 'UNSUPPORTED_MEDIA', 'A webhook is a form: application/x-www-form-urlencoded.');
  const body = await readBody(request, { maxBytes: MAX_BYTES, tooLarge });
  const params = readForm(body.toString());
  const signature = request.headers['x-twilio-signature'];
  const isSigned =
    typeof signature === 'string' && validateRequest(authToken, signature, `${publicUrl}${request.url}`, params);
  if (!isSigned) throw new HttpError(403, 'FORBIDDEN', 'This webhook is not signed, or not for this address.');
  return Object.fromEntries(Object.entries(params).map(([name, values]) => [name, storableText(values)]));
}

/** Returns the values of each parameter, as a signature is made of them. */
function readForm(body: string): Record<string, string[]> {
  const params: Record<string, string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(body)) {
    params[name] ??= [];
    params[name].push(value);
  }
  return params;
}

/** Returns the last of the values of a parameter, without NUL, which PostgreSQL does not take. */
const storableText = (values: readonly string[]): string => (values.at(-1) ?? '').replaceAll('\0', '');
