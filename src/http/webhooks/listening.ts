import type { LineReply } from '#adapters/telephony/telephony.ts';

/** How long somebody may be silent before that is their turn: milliseconds. */
const SILENCE_MS = 5_000;
/** How long a letter takes to be said, by a slow voice: milliseconds. Of a line that tells when it has spoken, it is a bound. */
const LETTER_MS = 90;

/** Knows whose turn it is to speak, where the line itself tells no silence. */
export type Listening = {
  /** A reply was sent: it is said, and then listened, or the call ended. */
  afterSaying(say: string, next: LineReply['next']): void;
  /** The line tells that our words are being played, or that they have ended. */
  tellSpeaking(isSpeaking: boolean): void;
  /** Our words were cut off. */
  stopped(): void;
  /** Somebody speaks, or presses a key. */
  hear(): void;
  /** Nobody is waited for: an answer is being made, or the call is over. */
  pause(): void;
};

/**
 * Waits for silence after each reply: `onSilence` where a lead says nothing, `onSpoken` where the last words of a call were said.
 * How long words take is estimated until the line tells when they were played.
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
    tellSpeaking(isSpeaking) {
      // The end of what was said before comes late at times.
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
