import type { LineReply } from '#adapters/telephony/telephony.ts';
import type { Twilio } from './library.ts';

/** The voice of each language, and the language of speech recognition. */
const SPEECH = {
  he: { language: 'he-IL', voice: 'Google.he-IL-Wavenet-C' },
  en: { language: 'en-US', voice: 'Google.en-US-Neural2-F' },
} as const;

/** After how many seconds of silence the turn of the lead ends. */
const SILENCE_SECONDS = 5;

const speechOf = (language: string) => (language.startsWith('he') ? SPEECH.he : SPEECH.en);

/** Returns the language in which Twilio speaks and listens, for the agent's. */
export const speechLanguage = (language: string): string => speechOf(language).language;

/** Characters that XML 1.0 cannot contain, which names may: https://www.w3.org/TR/xml/#charsets. */
const NOT_XML = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Returns TwiML that says a reply, and listens or hangs up; what was heard is sent to `action`, even if that is nothing. */
export function twimlOf({ twiml }: Twilio, reply: LineReply, action: string): string {
  const { next, language, mustBeHeard } = reply;
  const say = reply.say.replace(NOT_XML, ' ');
  const response = new twiml.VoiceResponse();
  const speech = speechOf(language);
  if (next === 'hang-up') {
    if (say) response.say(speech, say);
    response.hangup();
    return response.toString();
  }
  // Within `<Gather>`, speech interrupts it, and nothing reports where.
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
 * Returns TwiML that continues over a WebSocket (ConversationRelay) at `socket`, and afterwards asks `action`. Partial prompts and
 * speaker events show when somebody is silent.
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

/** Returns TwiML that waits a moment, and then asks again. */
export function twimlToWait({ twiml }: Twilio, action: string): string {
  const response = new twiml.VoiceResponse();
  response.pause({ length: 1 });
  response.redirect({ method: 'POST' }, action);
  return response.toString();
}

/** Returns TwiML that rejects a call. */
export function twimlToReject({ twiml }: Twilio): string {
  const response = new twiml.VoiceResponse();
  response.reject({ reason: 'busy' });
  return response.toString();
}
