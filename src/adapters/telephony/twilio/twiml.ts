import type { LineReply } from '#adapters/telephony/telephony.ts';
import type { Twilio } from './library.ts';

/** How each language is spoken, and what is listened for. */
const SPEECH = {
  he: { language: 'he-IL', voice: 'Google.he-IL-Wavenet-C' },
  en: { language: 'en-US', voice: 'Google.en-US-Neural2-F' },
} as const;

/** How long somebody may be silent before that is their turn: seconds. */
const SILENCE_SECONDS = 5;

const speechOf = (language: string) => (language.startsWith('he') ? SPEECH.he : SPEECH.en);

/** Returns the language in which Twilio speaks and listens, by the agent's. */
export const speechLanguage = (language: string): string => speechOf(language).language;

/** Returns TwiML that says a reply, and listens or hangs up; what is heard is sent to `action`, also where that is nothing. */
export function twimlOf({ twiml }: Twilio, { say, next, language, mustBeHeard }: LineReply, action: string): string {
  const response = new twiml.VoiceResponse();
  const speech = speechOf(language);
  if (next === 'hang-up') {
    if (say) response.say(speech, say);
    response.hangup();
    return response.toString();
  }
  // Within the `<Gather>`, speech cuts it off, and nobody tells where.
  if (say && mustBeHeard) response.say(speech, say);
  const gather = response.gather({
    input: ['speech'],
    action,
    method: 'POST',
    language: speech.language,
    timeout: SILENCE_SECONDS,
    speechTimeout: 'auto',
    actionOnEmptyResult: true,
    profanityFilter: false,
  });
  if (say && !mustBeHeard) gather.say(speech, say);
  return response.toString();
}

/**
 * Returns TwiML that goes on over a WebSocket (ConversationRelay) at `socket`; what comes after it is asked for at `action`. Partial
 * prompts and the events of speakers tell when somebody is silent.
 */
export function twimlOfRelay(
  { twiml }: Twilio,
  { language }: LineReply,
  { socket, action }: { socket: string; action: string },
): string {
  const response = new twiml.VoiceResponse();
  const relay = response.connect({ action, method: 'POST' }).conversationRelay({
    url: socket,
    language: speechOf(language).language,
    interruptible: 'any',
    partialPrompts: true,
    dtmfDetection: true,
    profanityFilter: false,
    events: 'speaker-events',
  });
  for (const { language: code, voice } of Object.values(SPEECH)) {
    const [, name] = voice.split('Google.');
    relay.language({ code, ttsProvider: 'Google', voice: name as string, transcriptionProvider: 'Google' });
  }
  return response.toString();
}

/** Returns TwiML that waits for a moment, and then asks again. */
export function twimlToWait({ twiml }: Twilio, action: string): string {
  const response = new twiml.VoiceResponse();
  response.pause({ length: 1 });
  response.redirect({ method: 'POST' }, action);
  return response.toString();
}

/** Returns TwiML that does not take a call. */
export function twimlToReject({ twiml }: Twilio): string {
  const response = new twiml.VoiceResponse();
  response.reject({ reason: 'busy' });
  return response.toString();
}
