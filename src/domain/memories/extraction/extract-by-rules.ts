import { ENGLISH } from './english-grammar.ts';
import { type ExtractedMemory, MAX_EXTRACTED } from './extracted-memory.ts';
import type { Grammar, Rule } from './grammar.ts';
import { HEBREW } from './hebrew-grammar.ts';
import { findUserSentences, trimPunctuation, type UserSentence } from './user-sentences.ts';

/** Characters of a statement: longer ones ramble, and cannot stand on their own. */
const MAX_STATEMENT = 300;
/** Characters of a topic. */
const MAX_TOPIC = 100;
/** The importance, 0 to 1, that everything has at least which the user asks to remember. */
const REMEMBER_IMPORTANCE = 0.8;

/**
 * Extracts what a user says of themselves in a text, at most MAX_EXTRACTED memories; the rules would rather miss than misread.
 */
export function extractByRules(text: string, saidAt: Date): ExtractedMemory[] {
  const extracted = findUserSentences(text, (sentence) => (/[א-ת]/.test(sentence) ? HEBREW : ENGLISH))
    .flatMap(
      (sentence) =>
        extractRemembered(sentence, saidAt) ??
        sentence.statements.flatMap((statement) => extractStatement(statement, sentence.grammar, saidAt)),
    )
    .map((memory) => [memory.content, memory] as const);
  return [...new Map(extracted).values()].slice(0, MAX_EXTRACTED);
}

/**
 * Extracts what a sentence asks to remember: by the rules where they read all of it, else word for word. Null where it asks
 * nothing.
 */
function extractRemembered({ grammar, whole }: UserSentence, saidAt: Date): ExtractedMemory[] | null {
  const request = grammar.remember.exec(whole)?.groups;
  if (!request) return null;
  const what = trimPunctuation(request.what ?? request.plain ?? request.note ?? '');
  if (!isUsableStatement(what)) return [];
  const parts = request.note ? [] : what.split(grammar.joint).map(trimPunctuation);
  const extracted = parts.map((statement) => extractStatement(statement, grammar, saidAt));
  if (parts.length > 0 && extracted.every((memories) => memories.length > 0))
    return extracted
      .flat()
      .map((memory) => ({ ...memory, importance: Math.max(memory.importance, REMEMBER_IMPORTANCE) }));
  return [
    {
      content: formatContent(what, grammar, saidAt),
      kind: 'NOTE',
      importance: REMEMBER_IMPORTANCE,
      tags: [],
      topic: null,
    },
  ];
}

function extractStatement(statement: string, grammar: Grammar, saidAt: Date): ExtractedMemory[] {
  if (!isUsableStatement(statement)) return [];
  for (const rule of grammar.rules) {
    const match = rule.pattern.exec(statement);
    if (!match || !meetsConditions(rule, match, grammar)) continue;
    const { kind, importance, tags } = rule;
    const topic = rule.topic?.(match.groups ?? {}).slice(0, MAX_TOPIC) || null;
    return [{ content: formatContent(statement, grammar, saidAt), kind, importance, tags: [...tags], topic }];
  }
  return [];
}

/** Whether a statement has the date, and the name in capitals, that the rule asks for. */
function meetsConditions(
  { dated }: Rule,
  { input, groups }: RegExpExecArray,
  { date, relativeDate }: Grammar,
): boolean {
  if (dated && !date.test(input) && !relativeDate.test(input)) return false;
  const hasCapitals = /\p{Lu}/u.test(input);
  return !groups?.name || !hasCapitals || /^\P{Ll}/u.test(groups.name);
}

/** Writes a statement as a sentence, with its day where it counts from that: it would mean another one tomorrow. */
function formatContent(statement: string, { date, relativeDate, saidOn }: Grammar, saidAt: Date): string {
  const day =
    relativeDate.test(statement) && !date.test(statement) ? ` (${saidOn(saidAt.toISOString().slice(0, 10))})` : '';
  return `${statement.charAt(0).toUpperCase()}${statement.slice(1)}${day}.`;
}

/** Whether a statement has more than one word, and is not too long to stand on its own. */
function isUsableStatement(statement: string): boolean {
  return statement.includes(' ') && statement.length <= MAX_STATEMENT;
}
