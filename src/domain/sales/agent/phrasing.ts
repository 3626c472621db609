import type { AgentLanguage } from './languages/tags.ts';
import type { CallContext, Step } from './machine.ts';
import type { LineKey, Names } from './sentences/lines.ts';
import { sayLine, templateOf } from './sentences/sentences.ts';

/** What a model may say in its own words: what is written otherwise, and the times that it names as they are said. */
export type Phrasing = Pick<CallContext, 'now' | 'zone'> & {
  language: AgentLanguage;
  written: string;
  /** The same with a slot in place of each time: {1} for the first. */
  template: string;
  times: readonly string[];
  names: Names;
};

/**
 * What is said in other words without harm. Not who calls and that it is no person, nor what was refused, agreed on or booked: that is
 * said as it is written.
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

/** Returns what of a step a model may phrase; null where it is said as it is written. */
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
