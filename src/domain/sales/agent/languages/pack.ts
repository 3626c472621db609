import type { Sentences } from '#domain/sales/agent/sentences/lines.ts';
import type { SpokenTime } from '#domain/sales/agent/times/spoken-time.ts';
import type { IntentPatterns } from '#domain/sales/agent/understanding/intent.ts';
import type { RefusalRules } from '#domain/sales/agent/understanding/refusal-rules.ts';
import type { AgentLanguage } from './tags.ts';

/** A date of the calendar. */
export type CalendarDay = { year: number; month: number; day: number };

/** All that the agent knows of a language. Patterns are for plain words, unless they say otherwise. */
export type LanguagePack = {
  tag: AgentLanguage;
  /** Its name in English, for a model. */
  name: string;
  /** What it is called in the languages that the agent speaks, in lower case. */
  names: readonly string[];
  /** For what Intl writes. */
  locale: string;
  /** The ISO weekday on which the week begins. */
  firstWeekday: number;
  /** A letter that it is written with. */
  letter: RegExp;
  /** A letter of any other. */
  otherLetter: RegExp;
  /** A word that shows that it is spoken, and how many of them do: some are said in other languages, too. */
  ownWord(word: string): boolean;
  clearlySpoken: number;
  sentences: Sentences;
  /** A day and a time of day, as they are said together. */
  joinTime(day: string, clock: string): string;
  intents: IntentPatterns;
  refusals: RefusalRules;
  /** "Next week", in a text as it was heard. */
  nextWeek: RegExp;
  /** Words, without marks, of amounts, times and promises: only the machine knows which are so. */
  machineOnly: RegExp;
  parseTime(text: string, today: CalendarDay): SpokenTime;
};
