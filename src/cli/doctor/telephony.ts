import type { Config } from '#config/config.ts';
import { ask } from './endpoints.ts';
import { type Finding, fail, note, ok } from './finding.ts';

const TWILIO = 'https://api.twilio.com';

/** Looks whether Twilio takes the account and has the number, and whether its webhooks can reach PUBLIC_URL. */
export async function checkTelephony({ telephony: { twilio } }: Config): Promise<Finding[]> {
  if (!twilio)
    return [note('The line is simulated: nobody is called. TWILIO_ACCOUNT_SID and the others beside it set one.')];
  const { accountSid, authToken, from, baseUrl, publicUrl } = twilio;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const account = `${(baseUrl ?? TWILIO).replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}`;
  const numbers = await ask(`${account}/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(from)}`, {
    authorization,
  });
  return [await describeAccount(numbers, from), await checkPublicUrl(publicUrl)];
}

async function describeAccount(response: Response | null, from: string): Promise<Finding> {
  if (!response) return fail('Twilio does not answer. Check the way out to it, and TWILIO_BASE_URL where that is set.');
  if (response.status === 401 || response.status === 403 || response.status === 404)
    return fail(`Twilio refuses the account (${response.status}). Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.`);
  if (!response.ok) return fail(`Twilio answers ${response.status}; try again later.`);
  const { incoming_phone_numbers: numbers } = (await response.json().catch(() => ({}))) as {
    incoming_phone_numbers?: unknown[];
  };
  if (numbers?.length === 0)
    return note(`Twilio takes the account, which has no number ${from}: TWILIO_FROM has to be one of it, or verified.`);
  return ok(`Twilio takes the account, and ${from}.`);
}

/** Twilio signs what it sends by the address that it was given, and sends it from outside. */
async function checkPublicUrl(publicUrl: string): Promise<Finding> {
  if (!publicUrl.startsWith('https:'))
    return fail(`PUBLIC_URL is ${publicUrl}: webhooks carry what people say, so it has to begin with https://.`);
  const response = await ask(`${publicUrl}/health/live`);
  if (response?.ok) return ok(`PUBLIC_URL answers from here: ${publicUrl}`);
  return note(
    `${publicUrl}/health/live does not answer here. Where no server runs, that is so; else check PUBLIC_URL and the proxy: Twilio sends its webhooks there.`,
  );
}
