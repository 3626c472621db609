import type { IncomingMessage } from 'node:http';
import type { Twilio } from '#adapters/telephony/twilio/library.ts';
import type { WebhookParams } from '#adapters/telephony/twilio/reports.ts';
import type { TwilioSettings } from '#config/telephony.ts';
import { inSlices } from '#domain/core/time-slices.ts';
import { readBody } from '#http/body.ts';
import { HttpError } from '#http/errors.ts';
import { contentTypeOf } from '#http/uploads/upload-request.ts';

/** The maximum size of a webhook in bytes: one minute of speech, percent-encoded, and some thirty parameters. */
const MAX_BYTES = 64 * 1024;
/** The maximum number of parameters. Verifying a signature sorts them by name, which takes 2 µs each before the sender is known. */
const MAX_PARAMETERS = 200;
/** The format of HMAC-SHA1 in Base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{27}=$/;

const tooLarge = () => new HttpError(413, 'FILE_TOO_LARGE', `A webhook may have at most ${MAX_BYTES} bytes.`);
const tooMany = () =>
  new HttpError(413, 'LIMIT_EXCEEDED', `A webhook may have at most ${MAX_PARAMETERS} parameters.`, {
    details: { limit: MAX_PARAMETERS, limited: 'parameters' },
  });
const notSigned = () => new HttpError(403, 'FORBIDDEN', 'This webhook is not signed, or not for this address.');

/**
 * Reads the form of a webhook that Twilio has signed. The signature is verified for our public URL: what the request says about its address
 * does not count. Throws HttpError (403, 405, 413, 415).
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
  const signature = request.headers['x-twilio-signature'];
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) throw notSigned();
  const body = await readBody(request, { maxBytes: MAX_BYTES, tooLarge });
  // A full form takes 2 ms, whoever has sent it: a thousand at once would keep everybody else waiting for as long as all of them take.
  const params = await inSlices(() => {
    const signed = readForm(String(body));
    if (!validateRequest(authToken, signature, `${publicUrl}${request.url}`, signed)) throw notSigned();
    return signed;
  });
  return Object.fromEntries(Object.entries(params).map(([name, values]) => [name, storableText(values)]));
}

/** Returns the values of each parameter, as the signature is computed from them. Throws HttpError (413). */
function readForm(body: string): Record<string, string[]> {
  if (body.split('&', MAX_PARAMETERS + 1).length > MAX_PARAMETERS) throw tooMany();
  const params: Record<string, string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(body)) {
    params[name] ??= [];
    params[name].push(value);
  }
  return params;
}

/** Returns the last value of a parameter, without NUL characters, which PostgreSQL does not accept. */
const storableText = (values: readonly string[]): string => (values.at(-1) ?? '').replaceAll('\0', '');
