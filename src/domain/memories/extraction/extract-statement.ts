import type { ExtractedMemory } from './extracted-memory.ts';
import type { Grammar, Rule } from './grammars/grammar.ts';
import { beginsWithPlace } from './places.ts';

/** Characters of a statement: longer ones ramble, and cannot stand on their own. */
const MAX_STATEMENT = 300;
/** Characters of a topic. */
const MAX_TOPIC = 100;

/** Extracts what a statement says of the user, by the first rule that fits; null where none does. */
export function extractStatement(statement: string, grammar: Grammar, saidAt: Date): ExtractedMemory | null {
  const found = isUsableStatement(statement) ? findRule(statement, grammar) : null;
  if (!found) return null;
  const { kind, importance, tags } = found.rule;
  return { content: formatContent(statement, grammar, saidAt), kind, importance, tags: [...tags], topic: found.topic };
}

/** Returns the topic of a statement that a rule fits; null where it has none. */
export const topicOf = (statement: string, grammar: Grammar): string | null =>
  findRule(statement, grammar)?.topic ?? null;

/** Finds the first rule that fits a statement, or fits it without the words that only say that it holds by now. */
function findRule(statement: string, grammar: Grammar): { rule: Rule; topic: string | null } | null {
  const plain = statement.replace(grammar.revisions.now, '').trim();
  for (const text of plain === statement ? [statement] : [plain, statement]) {
    for (const rule of grammar.rules) {
      const match = rule.pattern.exec(text);
      if (match && meetsConditions(rule, match, grammar))
        return { rule, topic: rule.topic?.(match.groups ?? {}).slice(0, MAX_TOPIC) || null };
    }
  }
  return null;
}

/** Whether a statement has the date, and the name in capitals, that the rule asks for. */
function meetsConditions({ dated }: Rule, match: RegExpExecArray, { date, relativeDate }: Grammar): boolean {
  if (dated && !date.test(match.input) && !relativeDate.test(match.input)) return false;
  const place = match.groups?.place;
  return isNamed(match) && (place === undefined || beginsWithPlace(place));
}

/** Whether what stands in the group `name` of a pattern can be a name: it has a capital, where the user writes any. */
export function isNamed({ input, groups }: RegExpExecArray): boolean {
  return !groups?.name || !/\p{Lu}/u.test(input) || /^\P{Ll}/u.test(groups.name);
}

/** Writes a statement as a sentence, with its day where it counts from that: it would mean another one tomorrow. */
export function formatContent(statement: string, { date, relativeDate, saidOn }: Grammar, saidAt: Date): string {
  const day =
    relativeDate.test(statement) && !date.test(statement) ? ` (${saidOn(saidAt.toISOString().slice(0, 10))})` : '';
  return `${statement.charAt(0).toUpperCase()}${statement.slice(1)}${day}.`;
}

/** Whether a statement has more than one word, and is not too long to stand on its own. */
export function isUsableStatement(statement: string): boolean {
  return statement.includes(' ') && statement.length <= MAX_STATEMENT;
}
