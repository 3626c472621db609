import { LANGUAGE_PACKS } from '#domain/sales/agent/languages/packs.ts';
import { countWords } from './plain-words.ts';
import type { RefusalRules } from './refusal-rules.ts';

/** The maximum number of words of an utterance that means little but its verb. */
const SHORT = 5;

/** Whether an utterance asks for no more calls. */
export type Refusal = 'clear' | 'unsure' | 'none';

/** Judges plain words by the meaning of the whole utterance, in any language. */
export function judgeRefusal(words: string): Refusal {
  const judgements = LANGUAGE_PACKS.map(({ refusals }) => judgeBy(refusals, words));
  return judgements.find((it) => it === 'clear') ?? judgements.find((it) => it === 'unsure') ?? 'none';
}

/** What an answer to the question whether a number is to be taken off the list says, in plain words, apart from "yes" and "no". */
export function answerToRemoval(words: string): 'stays' | 'declines' | null {
  const says = (rule: 'stays' | 'declines') => LANGUAGE_PACKS.some(({ refusals }) => refusals[rule].test(words));
  return says('stays') ? 'stays' : says('declines') ? 'declines' : null;
}

function judgeBy(rules: RefusalRules, words: string): Refusal {
  const rest = rules.harmless.reduce((text, harmless) => text.replace(harmless, ' ... '), words);
  const clauses = rest.split(/ [,?](?= )/).filter((clause) => countWords(clause) > 0);
  const bare = clauses.map((clause) => isStop(rules, `${clause} `));
  const alone = clauses.every((clause, index) => bare[index] || isPolite(rules, clause)) && bare.includes(true);
  if (rules.clear.some((pattern) => pattern.test(rest)) || alone || bare.at(-1)) return 'clear';
  const short = rest === words && countWords(rest) <= SHORT;
  const unsure = rules.unsure.some((pattern) => pattern.test(rest)) || (short && rules.unsureShort.test(rest));
  return unsure || bare.includes(true) ? 'unsure' : 'none';
}

/** Whether a clause says "stop", and nothing else. */
function isStop({ alone, aloneNeeds, polite }: RefusalRules, clause: string): boolean {
  const said = clause.split(' ').filter((word) => word !== '' && !polite.test(word));
  return said.length > 0 && said.every((word) => alone.test(word)) && aloneNeeds.test(clause);
}

const isPolite = ({ polite }: RefusalRules, clause: string) =>
  clause.split(' ').every((word) => word === '' || polite.test(word));
