import { ENGLISH } from './english-grammar.ts';
import { type Learned, MAX_LEARNED } from './extracted-memory.ts';
import type { Language, Rule } from './grammar.ts';
import { HEBREW } from './hebrew-grammar.ts';
import { plain, type Sentence, sentencesOf } from './user-sentences.ts';

/** Characters: longer statements ramble, and stand for nothing on their own. */
const MAX_STATEMENT = 300;
const MAX_TOPIC = 100;
/** What the user asks to remember matters this much at least. */
const ASKED_FOR = 0.8;

/** What a user says of themselves in `text`, as far as these rules understand it; they would rather miss than misread. */
export function learnByRules(text: string, saidAt: Date): Learned[] {
  const learned = sentencesOf(text, (sentence) => (/[א-ת]/.test(sentence) ? HEBREW : ENGLISH))
    .flatMap(
      (sentence) => remembered(sentence, saidAt) ?? sentence.statements.flatMap((said) => told(said, sentence, saidAt)),
    )
    .map((memory) => [memory.content, memory] as const);
  return [...new Map(learned).values()].slice(0, MAX_LEARNED);
}

/** What the user asks to remember: as the rules have it where they understand all of it, else as it was said. Null where nothing. */
function remembered({ language, whole }: Sentence, saidAt: Date): Learned[] | null {
  const asked = language.remember.exec(whole)?.groups;
  if (!asked) return null;
  const what = plain(asked.what ?? asked.plain ?? asked.note ?? '');
  if (!isStatement(what)) return [];
  const parts = asked.note ? [] : what.split(language.joint).map(plain);
  const understood = parts.map((said) => told(said, { language }, saidAt));
  if (parts.length > 0 && understood.every((memories) => memories.length > 0))
    return understood.flat().map((memory) => ({ ...memory, importance: Math.max(memory.importance, ASKED_FOR) }));
  return [{ content: sentence(what, language, saidAt), kind: 'NOTE', importance: ASKED_FOR, tags: [], topic: null }];
}

function told(said: string, { language }: Pick<Sentence, 'language'>, saidAt: Date): Learned[] {
  if (!isStatement(said)) return [];
  for (const rule of language.rules) {
    const match = rule.pattern.exec(said);
    if (!match || !fits(rule, match, language)) continue;
    const { kind, importance, tags } = rule;
    const topic = rule.topic?.(match.groups ?? {}).slice(0, MAX_TOPIC) || null;
    return [{ content: sentence(said, language, saidAt), kind, importance, tags: [...tags], topic }];
  }
  return [];
}

function fits({ dated }: Rule, { input, groups }: RegExpExecArray, { date, relativeDate }: Language): boolean {
  if (dated && !date.test(input) && !relativeDate.test(input)) return false;
  const writesCapitals = /\p{Lu}/u.test(input);
  return !groups?.name || !writesCapitals || /^\P{Ll}/u.test(groups.name);
}

/** As a sentence; what is counted from the day on which it is said gets that day, or it would mean another one tomorrow. */
function sentence(said: string, { date, relativeDate, saidOn }: Language, saidAt: Date): string {
  const day = relativeDate.test(said) && !date.test(said) ? ` (${saidOn(saidAt.toISOString().slice(0, 10))})` : '';
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}${day}.`;
}

function isStatement(said: string): boolean {
  return said.includes(' ') && said.length <= MAX_STATEMENT;
}
