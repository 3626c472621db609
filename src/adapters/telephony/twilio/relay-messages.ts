import { z } from 'zod';
import { isCallSid } from './reports.ts';

/** What ConversationRelay sends over its WebSocket, as https://www.twilio.com/docs/voice/conversationrelay/websocket-messages has it. */
const message = z.discriminatedUnion('type', [
  /** First, and once. */
  z.object({ type: z.literal('setup'), callSid: z.string().refine(isCallSid) }),
  /** What somebody says; `last` where they have ended. */
  z.object({ type: z.literal('prompt'), voicePrompt: z.string(), last: z.boolean().default(true) }),
  /** They began to speak while we did: what was heard of our words. */
  z.object({ type: z.literal('interrupt'), utteranceUntilInterrupt: z.string().default('') }),
  z.object({ type: z.literal('dtmf'), digit: z.string() }),
  z.object({ type: z.literal('error'), description: z.string().default('') }),
  /** Whether our words are being played, `agentSpeaking`: `on` or `off`. */
  z.object({ type: z.literal('info'), name: z.string(), value: z.unknown() }),
]);

/** A message of Twilio's. */
export type RelayMessage = z.output<typeof message>;

/** What is sent to Twilio. Words of one reply are added up until the `last`. */
export type RelayCommand =
  | { type: 'text'; token: string; last: boolean }
  | { type: 'language'; ttsLanguage: string; transcriptionLanguage: string }
  /** `handoffData` comes back with the question how the call goes on. */
  | { type: 'end'; handoffData: string };

/** Returns a message as it was sent; null where it is none that we know. */
export function readRelayMessage(text: string): RelayMessage | null {
  try {
    return message.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
