import type { Sentences } from '#domain/sales/agent/sentences/lines.ts';
import type { OpensAt, SpokenTime } from '#domain/sales/agent/times/spoken-time.ts';
import type { IntentPatterns } from '#domain/sales/agent/understanding/intent.ts';
import type { RefusalRules } from '#domain/sales/agent/understanding/refusal-rules.ts';
import type { AgentLanguage } from './tags.ts';

export type CalendarDay = { year: number; month: number; day: number };

/** Everything that is specific to a language of the agent. Patterns apply to plain words, unless noted otherwise. */
export type LanguagePack = {
  tag: AgentLanguage;
  /** Its name in English, for a model. */
  name: string;
  /** Its names in the languages that the agent speaks, in lower case. */
  names: readonly string[];
  /** The locale for Intl. */
  locale: string;
  /** The ISO weekday on which the week begins. */
  firstWeekday: number;
  /** A letter of its script. */
  letter: RegExp;
  /** A letter of any other script. */
  otherLetter: RegExp;
  /**
   * Whether a word is evidence of the language. `clearlySpoken` such words prove it, because some words are used in other languages, too.
   */
  ownWord(word: string): boolean;
  clearlySpoken: number;
  sentences: Sentences;
  /** Joins a day and a time of day in speech. */
  joinTime(day: string, clock: string): string;
  intents: IntentPatterns;
  refusals: RefusalRules;
  /** "Next week", in a text as it was heard. */
  nextWeek: RegExp;
  /** Asks for another time than one that was named, in a text as it was heard. */
  moves: RegExp;
  /** Asks for a later or an earlier hour, in a text as it was heard. */
  otherHour: RegExp;
  /** Expects a meeting that was agreed on, as in "see you then", in a text as it was heard. */
  meets: RegExp;
  /** Says no more than a time, and that it suits or does not. */
  onlyTime: RegExp;
  /** Names a time because it suits. */
  suitingTime: RegExp;
  /** Names a time at which to call. */
  callAt: RegExp;
  /** Speaks of the present moment. */
  now: RegExp;
  /** Asks what it costs, and does not say that it costs too much, in a text as it was heard. */
  asksPrice: RegExp;
  /** Words for amounts, times and promises, without diacritics. A model may not say them, because only the agent knows which are true. */
  machineOnly: RegExp;
  parseTime(text: string, today: CalendarDay, opensAt: OpensAt): SpokenTime;
};
