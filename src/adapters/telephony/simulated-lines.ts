import type { CallPlan, Persona } from './simulated-plan.ts';

type Words = { en: string; he: string };

/** What a lead who books a meeting says, by the agent's state. */
const BOOKING: Record<string, Words> = {
  consent: { en: 'Yes, go ahead.', he: 'כן, בבקשה.' },
  qualify: { en: 'Yes, that sounds interesting.', he: 'כן, זה נשמע מעניין.' },
  times: { en: 'The first one, please.', he: 'הראשון, בבקשה.' },
  confirm: { en: 'Yes, that is right.', he: 'כן, נכון.' },
  booked: { en: 'Thank you, goodbye.', he: 'תודה, להתראות.' },
};

/** What the others say, whatever they are asked. */
const LINES: Record<Exclude<Persona, 'books' | 'silent'>, Words> = {
  'calls-back': { en: 'I am busy now, call me back tomorrow at four.', he: 'אני עסוק עכשיו, תתקשרו מחר בארבע.' },
  'not-interested': { en: 'No thanks, I am not interested.', he: 'לא תודה, אני לא מעוניין.' },
  refuses: { en: 'Remove me from your list and do not call again.', he: 'תסירו אותי מהרשימה ואל תתקשרו יותר.' },
  'wrong-number': { en: 'You have the wrong number.', he: 'טעות במספר.' },
  leaves: { en: 'Yes, what is it about?', he: 'כן, במה מדובר?' },
};

const MACHINES: Record<Exclude<CallPlan['party'], 'person'>, Words> = {
  voicemail: {
    en: 'You have reached my voicemail. Please leave a message after the tone.',
    he: 'הגעתם לתא הקולי. נא להשאיר הודעה לאחר הצפצוף.',
  },
  screener: {
    en: 'Please record your name and the reason for calling, and I will see if this person is available.',
    he: 'נא לומר את שמך ואת סיבת השיחה, ונבדוק אם האדם זמין.',
  },
  hold: { en: 'Your call is on hold. Please wait.', he: 'שיחתך בהמתנה. נא להמתין על הקו.' },
};

/** The agent's state, and the number of the lead's turn: 1 for the first. */
export type Question = { stage: string | null; turn: number; language: string };

/** Returns what the other side of a simulated call says; null for silence. */
export function answerOf({ party, persona }: CallPlan, { stage, turn, language }: Question): string | null {
  const tongue = language.startsWith('he') ? 'he' : 'en';
  if (party === 'screener' && turn > 1) return (BOOKING.consent as Words)[tongue];
  if (party !== 'person') return MACHINES[party][tongue];
  if (persona === 'silent') return null;
  if (persona !== 'books') return LINES[persona][tongue];
  return (BOOKING[stage ?? ''] ?? (BOOKING.consent as Words))[tongue];
}
