import { z } from 'zod';
import { isCallSid } from './reports.ts';

/** What ConversationRelay sends over its WebSocket, see https://www.twilio.com/docs/voice/conversationrelay/websocket-messages. */
const message = z.discriminatedUnion('type', [
  /** The first message, sent once. */
  z.object({ type: z.literal('setup'), callSid: z.string().refine(isCallSid) }),
  /** What somebody says; `last` once they have finished. */
  z.object({ type: z.literal('prompt'), voicePrompt: z.string(), last: z.boolean().default(true) }),
  /** They interrupted us: the part of our words that was heard. */
  z.object({ type: z.literal('interrupt'), utteranceUntilInterrupt: z.string().default('') }),
  z.object({ type: z.literal('dtmf'), digit: z.string() }),
  z.object({ type: z.literal('error'), description: z.string().default('') }),
  /** Whether our words are being played, `agentSpeaking`: `on` or `off`. */
  z.object({ type: z.literal('info'), name: z.string(), value: z.unknown() }),
]);

/** A message from Twilio. */
export type RelayMessage = z.output<typeof message>;

/** A message to Twilio. The words of one reply are concatenated up to the `last`. */
export type RelayCommand =
  | { type: 'text'; token: string; last: boolean }
  | { type: 'language'; ttsLanguage: string; transcriptionLanguage: string }
  /** `handoffData` comes back with the request for how to continue the call. */
  | { type: 'end'; handoffData: string };

/** Returns a message as it was sent; null if it is not one that we know. */
export function readRelayMessage(text: string): RelayMessage | null {
  try {
    return message.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
