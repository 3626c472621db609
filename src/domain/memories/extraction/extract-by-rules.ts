import { ENGLISH } from './english-grammar.ts';
import { type ExtractedMemory, MAX_EXTRACTED } from './extracted-memory.ts';
import type { Grammar, Rule } from './grammar.ts';
import { HEBREW } from './hebrew-grammar.ts';
import { findUserSentences, trimPunctuation, type UserSentence } from './user-sentences.ts';

/** Characters: longer statements ramble, and stand for nothing on their own. */
const MAX_STATEMENT = 300;
const MAX_TOPIC = 100;
/** What the user asks to remember matters this much at least. */
const ASKED_FOR = 0.8;

/** What a user says of themselves in `text`, as far as these rules understand it; they would rather miss than misread. */
export function extractByRules(text: string, saidAt: Date): ExtractedMemory[] {
  const learned = findUserSentences(text, (toSentence) => (/[א-ת]/.test(toSentence) ? HEBREW : ENGLISH))
    .flatMap(
      (sentence) =>
        extractRemembered(sentence, saidAt) ??
        sentence.statements.flatMap((said) => extractStatement(said, sentence, saidAt)),
    )
    .map((memory) => [memory.content, memory] as const);
  return [...new Map(learned).values()].slice(0, MAX_EXTRACTED);
}

/** What the user asks to remember: as the rules have it where they understand all of it, else as it was said. Null where nothing. */
function extractRemembered({ grammar, whole }: UserSentence, saidAt: Date): ExtractedMemory[] | null {
  const asked = grammar.remember.exec(whole)?.groups;
  if (!asked) return null;
  const what = trimPunctuation(asked.what ?? asked.plain ?? asked.note ?? '');
  if (!isUsableStatement(what)) return [];
  const parts = asked.note ? [] : what.split(grammar.joint).map(trimPunctuation);
  const understood = parts.map((said) => extractStatement(said, { grammar: grammar }, saidAt));
  if (parts.length > 0 && understood.every((memories) => memories.length > 0))
    return understood.flat().map((memory) => ({ ...memory, importance: Math.max(memory.importance, ASKED_FOR) }));
  return [{ content: sentence(what, grammar, saidAt), kind: 'NOTE', importance: ASKED_FOR, tags: [], topic: null }];
}

function extractStatement(said: string, { grammar }: Pick<UserSentence, 'grammar'>, saidAt: Date): ExtractedMemory[] {
  if (!isUsableStatement(said)) return [];
  for (const rule of grammar.rules) {
    const match = rule.pattern.exec(said);
    if (!match || !meetsConditions(rule, match, grammar)) continue;
    const { kind, importance, tags } = rule;
    const topic = rule.topic?.(match.groups ?? {}).slice(0, MAX_TOPIC) || null;
    return [{ content: sentence(said, grammar, saidAt), kind, importance, tags: [...tags], topic }];
  }
  return [];
}

function meetsConditions(
  { dated }: Rule,
  { input, groups }: RegExpExecArray,
  { date, relativeDate }: Grammar,
): boolean {
  if (dated && !date.test(input) && !relativeDate.test(input)) return false;
  const writesCapitals = /\p{Lu}/u.test(input);
  return !groups?.name || !writesCapitals || /^\P{Ll}/u.test(groups.name);
}

/** As a sentence; what is counted from the day on which it is said gets that day, or it would mean another one tomorrow. */
function sentence(said: string, { date, relativeDate, saidOn }: Grammar, saidAt: Date): string {
  const day = relativeDate.test(said) && !date.test(said) ? ` (${saidOn(saidAt.toISOString().slice(0, 10))})` : '';
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}${day}.`;
}

function isUsableStatement(said: string): boolean {
  return said.includes(' ') && said.length <= MAX_STATEMENT;
}
