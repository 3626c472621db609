import type { Logger } from '#adapters/log.ts';
import type { TelephonySettings } from '#config/telephony.ts';
import { createSimulatedLine } from './simulated-line.ts';
import type { Telephony } from './telephony.ts';
import { loadTwilio } from './twilio/library.ts';
import { createTwilioLine } from './twilio/twilio-line.ts';

/** Opens the line for calls: Twilio's if that is configured, otherwise a simulated one. */
export async function openTelephony(settings: TelephonySettings, log: Logger): Promise<Telephony> {
  const { simulated, twilio, ...bounds } = settings;
  if (twilio) return createTwilioLine(await loadTwilio(), twilio, bounds);
  return createSimulatedLine({ ...simulated, ...bounds }, log);
}
