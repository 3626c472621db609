import type { AgentLanguage } from './languages/tags.ts';
import type { CallContext, Step } from './machine.ts';
import type { LineKey, Names } from './sentences/lines.ts';
import { sayLine, templateOf } from './sentences/sentences.ts';

/** What a model may say in its own words: the written sentence, and the times in it as they are said. */
export type Phrasing = Pick<CallContext, 'now' | 'zone'> & {
  language: AgentLanguage;
  written: string;
  /** The sentence with a slot in place of each time: {1} for the first. */
  template: string;
  times: readonly string[];
  names: Names;
};

/**
 * The lines that a model may rephrase without harm. Who calls, that it is no person, and what was refused, agreed on or booked are said as
 * written.
 */
const FREE: ReadonlySet<LineKey> = new Set<LineKey>([
  'qualify',
  'interest',
  'price',
  'provider',
  'sendInfo',
  'offerTwo',
  'offerOne',
  'askTime',
  'askHour',
  'askDay',
  'either',
  'past',
  'askCallBack',
  'goOn',
  'passOn',
  'anythingElse',
  'taken',
  'closed',
  'waiting',
  'notUnderstood',
]);

/** Returns what a model may phrase of a step; null if it is said as written. */
export function phrasingOf({ state, say, next }: Step, context: CallContext): Phrasing | null {
  if (next === 'hang-up' || say.length === 0 || !say.every(({ key }) => FREE.has(key))) return null;
  const { language } = state;
  const { names, now, zone } = context;
  return {
    language,
    written: say.map((line) => sayLine(language, line, names, context)).join(' '),
    ...templateOf(language, say, names, context),
    names,
    now,
    zone,
  };
}
