import type { AccountState } from '#adapters/telephony/telephony.ts';
import type { TwilioSettings } from '#config/telephony.ts';

const TWILIO = 'https://api.twilio.com';
/** The time limit for a response of Twilio in milliseconds. */
const TIMEOUT_MS = 5_000;
/** The statuses for wrong credentials, a closed account, and one that does not exist. */
const REFUSALS = [401, 403, 404];

/** Where an account has the numbers that it may call from: its own, and verified numbers of others. */
const NUMBERS = { IncomingPhoneNumbers: 'incoming_phone_numbers', OutgoingCallerIds: 'outgoing_caller_ids' };

/** Asks Twilio whether it accepts the account, and whether the account may call from its number. */
export async function checkAccount(settings: TwilioSettings): Promise<AccountState> {
  for (const [resource, list] of Object.entries(NUMBERS)) {
    const response = await askForNumbers(settings, resource);
    if (response && REFUSALS.includes(response.status)) return 'refused';
    if (!response?.ok) return 'unknown';
    const found = (await response.json().catch(() => null)) as Record<string, unknown> | null;
    const numbers = found?.[list];
    if (!Array.isArray(numbers)) return 'unknown';
    if (numbers.length > 0) return 'good';
  }
  return 'not-its-number';
}

function askForNumbers({ accountSid, authToken, from, baseUrl }: TwilioSettings, resource: string) {
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const account = `${(baseUrl ?? TWILIO).replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}`;
  const url = `${account}/${resource}.json?PhoneNumber=${encodeURIComponent(from)}`;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(url, { headers: { authorization }, redirect: 'manual', signal }).catch(() => null);
}
