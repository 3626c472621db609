import type { LineReply } from '#adapters/telephony/telephony.ts';

/** After how many milliseconds of silence the other party is considered to have finished. */
const SILENCE_MS = 5_000;
/**
 * The estimated duration of one spoken character in milliseconds, for a slow voice. An upper bound if the line reports the end of speech.
 */
const LETTER_MS = 90;

/** Tracks whose turn it is to speak, for lines that do not detect silence. */
export type Listening = {
  /** A reply was sent. After it has been spoken, the lead is listened to, or the call ends. */
  afterSaying(say: string, next: LineReply['next']): void;
  /** The line reports that playing our reply has started or ended. */
  reportSpeaking(isSpeaking: boolean): void;
  /** Our reply was interrupted. */
  stopped(): void;
  /** The lead speaks, or presses a key. */
  hear(): void;
  /** No input is expected: a reply is being generated, or the call has ended. */
  pause(): void;
};

/**
 * Waits for silence after each reply. Calls `onSilence` if the lead says nothing, and `onSpoken` after the last reply of a call was spoken.
 * The duration of speech is estimated until the line reports it.
 */
export function createListening({ onSilence, onSpoken }: { onSilence(): void; onSpoken(): void }): Listening {
  let timer: NodeJS.Timeout | undefined;
  let next: LineReply['next'] = 'listen';
  let spokenAt = 0;
  let hasBegun = false;
  const wait = (moreMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(next === 'listen' ? onSilence : onSpoken, Math.max(0, spokenAt - performance.now()) + moreMs);
  };
  return {
    afterSaying(say, what) {
      next = what;
      hasBegun = false;
      spokenAt = performance.now() + say.length * LETTER_MS;
      wait(next === 'listen' ? SILENCE_MS : 0);
    },
    reportSpeaking(isSpeaking) {
      // The report about an earlier reply may arrive late.
      if (isSpeaking || !hasBegun) {
        hasBegun ||= isSpeaking;
        return;
      }
      spokenAt = 0;
      if (timer) wait(next === 'listen' ? SILENCE_MS : 0);
    },
    stopped() {
      spokenAt = 0;
      if (timer) wait(SILENCE_MS);
    },
    hear() {
      if (timer) wait(SILENCE_MS);
    },
    pause() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
