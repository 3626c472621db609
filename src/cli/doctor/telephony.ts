import type { AccountState } from '#adapters/telephony/telephony.ts';
import { checkAccount } from '#adapters/telephony/twilio/check-account.ts';
import type { Config } from '#config/config.ts';
import { ask } from './endpoints.ts';
import { type Finding, fail, note, ok } from './finding.ts';

/** Checks whether Twilio accepts the account and has the number, and whether its webhooks can reach PUBLIC_URL. */
export async function checkTelephony({ telephony: { twilio } }: Config): Promise<Finding[]> {
  if (!twilio)
    return [note('The line is simulated: nobody is called. TWILIO_ACCOUNT_SID and the others beside it set one.')];
  const state = await checkAccount(twilio);
  return [describeAccount(state, twilio.from), await checkPublicUrl(twilio.publicUrl)];
}

function describeAccount(state: AccountState, from: string): Finding {
  if (state === 'refused') return fail('Twilio refuses the account. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.');
  if (state === 'not-its-number')
    return fail(
      `Twilio takes the account, which may not call from ${from}: TWILIO_FROM has to be one of it, or verified.`,
    );
  if (state === 'unknown')
    return fail('Twilio does not answer. Check the way out to it, and TWILIO_BASE_URL where that is set.');
  return ok(`Twilio takes the account, and ${from}.`);
}

/** Twilio signs requests with the address that it was given, and sends them from outside. */
async function checkPublicUrl(publicUrl: string): Promise<Finding> {
  if (!publicUrl.startsWith('https:'))
    return fail(`PUBLIC_URL is ${publicUrl}: webhooks carry what people say, so it has to begin with https://.`);
  const response = await ask(`${publicUrl}/health/live`);
  if (response?.ok) return ok(`PUBLIC_URL answers from here: ${publicUrl}`);
  return note(
    `${publicUrl}/health/live does not answer here. Where no server runs, that is so; else check PUBLIC_URL and the proxy: Twilio sends its webhooks there.`,
  );
}
