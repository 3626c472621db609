import { removeClosing } from './chat-spelling.ts';
import type { ExtractedMemory } from './extracted-memory.ts';
import type { Grammar, Rule } from './grammars/grammar.ts';
import { beginsWithPlace } from './places.ts';

/** The maximum length of a statement, in characters: longer ones ramble, and cannot stand on their own. */
const MAX_STATEMENT = 300;
/** The maximum length of a topic, in characters. */
const MAX_TOPIC = 100;

/** Extracts what a statement says about the user, by the first rule that matches; null if none does. */
export function extractStatement(statement: string, grammar: Grammar, saidAt: Date): ExtractedMemory | null {
  const found = isUsableStatement(statement) ? findRule(statement, grammar) : null;
  if (!found) return null;
  const { kind, importance, tags } = found.rule;
  return { content: formatContent(statement, grammar, saidAt), kind, importance, tags: [...tags], topic: found.topic };
}

/** Returns the topic of a statement by the rule that it matches; null if there is none. */
export const topicOf = (statement: string, grammar: Grammar): string | null =>
  findRule(statement, grammar)?.topic ?? null;

/** Finds the first rule that matches a statement, if need be without words such as "now". */
function findRule(statement: string, grammar: Grammar): { rule: Rule; topic: string | null } | null {
  const said = removeClosing(statement);
  const plain = said.replace(grammar.revisions.now, '').trim();
  for (const text of new Set([plain, said, statement])) {
    for (const rule of grammar.rules) {
      const match = rule.pattern.exec(text);
      if (match && meetsConditions(rule, match, grammar))
        return { rule, topic: rule.topic?.(match.groups ?? {}).slice(0, MAX_TOPIC) || null };
    }
  }
  return null;
}

/** Whether a statement has the date, the capitalized name or the known place that the rule requires. */
function meetsConditions({ dated }: Rule, match: RegExpExecArray, { date, relativeDate }: Grammar): boolean {
  if (dated && !date.test(match.input) && !relativeDate.test(match.input)) return false;
  const place = match.groups?.place;
  return isNamed(match) && (place === undefined || beginsWithPlace(place));
}

/** Whether the group `name` of a match can be a name: it is capitalized, provided that the user writes capitals at all. */
export function isNamed({ input, groups }: RegExpExecArray): boolean {
  return !groups?.name || !/\p{Lu}/u.test(input) || /^\P{Ll}/u.test(groups.name);
}

/** Formats a statement as a sentence. Relative dates get the day on which it was said, because they would mean another day tomorrow. */
export function formatContent(statement: string, { date, relativeDate, saidOn }: Grammar, saidAt: Date): string {
  const day =
    relativeDate.test(statement) && !date.test(statement) ? ` (${saidOn(saidAt.toISOString().slice(0, 10))})` : '';
  return `${statement.charAt(0).toUpperCase()}${statement.slice(1)}${day}.`;
}

/** Whether a statement has more than one word, and is short enough to stand on its own. */
export function isUsableStatement(statement: string): boolean {
  return statement.includes(' ') && statement.length <= MAX_STATEMENT;
}
