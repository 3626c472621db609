import { restoreSpelling } from './chat-spelling.ts';
import { extractStatement, formatContent, isUsableStatement } from './extract-statement.ts';
import { type ExtractedMemory, MAX_EXTRACTED } from './extracted-memory.ts';
import { ENGLISH } from './grammars/english/grammar.ts';
import type { Grammar } from './grammars/grammar.ts';
import { HEBREW } from './grammars/hebrew/grammar.ts';
import { leaveOutOffRecord } from './off-record.ts';
import { readCorrection, readEnding, readForgetting, readReplacement, readUpdate } from './read-revisions.ts';
import { createDoubt, isPasted } from './requests.ts';
import { correctSentences } from './self-corrections.ts';
import { trimPunctuation } from './sentence-text.ts';
import type { Statement } from './statement.ts';
import { findUserSentences, removeQuotations, splitIntoSentences, type UserSentence } from './user-sentences.ts';

/** The minimum importance, 0 to 1, of anything that the user asks to remember. */
const REMEMBER_IMPORTANCE = 0.8;

/**
 * Extracts the statements of a text that change what is remembered of its user, in order: at most MAX_EXTRACTED to learn, and as many that
 * have ended or are to be forgotten. The rules prefer precision: they would rather miss than misread.
 */
export function extractByRules(text: string, saidAt: Date): Statement[] {
  const all = correctSentences(splitIntoSentences(removeQuotations(text)).map(restoreSpelling));
  const { sentences, request } = leaveOutOffRecord(all, grammarOf, isPasted(text));
  const statements: Statement[] = [];
  for (const sentence of findUserSentences(sentences, grammarOf)) readSentence(sentence, saidAt, statements);
  if (request) statements.push(request);
  const isDoubted = createDoubt(text, all, grammarOf);
  const believed = statements.filter((statement) => !isDoubted(statement));
  const unique = [...new Map(believed.map((statement) => [JSON.stringify(statement), statement])).values()];
  const isLearned = ({ type }: Statement) => type === 'LEARN';
  const kept = new Set([
    ...unique.filter(isLearned).slice(0, MAX_EXTRACTED),
    ...unique.filter((statement) => !isLearned(statement)).slice(0, MAX_EXTRACTED),
  ]);
  return unique.filter((statement) => kept.has(statement));
}

/** Returns the grammar of the language of a sentence. */
export const grammarOf = (sentence: string): Grammar => (/[א-ת]/.test(sentence) ? HEBREW : ENGLISH);

/** Reads a sentence, and appends its statements to those read so far. */
function readSentence(sentence: UserSentence, saidAt: Date, read: Statement[]): void {
  const { grammar, whole, statements } = sentence;
  const forgetting = readForgetting(whole, grammar);
  if (forgetting) {
    read.push(...forgetting.statements);
    for (const clause of forgetting.instead) read.push(...readClause(clause, grammar, saidAt));
    return;
  }
  const remembered = extractRemembered(sentence, saidAt);
  if (remembered)
    return void read.push(...remembered.map((memory) => ({ type: 'LEARN', memory, replaces: null }) as const));
  const clauses = statements.flatMap((statement) => splitAfterEnding(statement, grammar));
  for (const [index, clause] of clauses.entries()) {
    const before = read.at(-1);
    const goesOn = index > 0 || grammar.revisions.pronoun.test(clause);
    const replacement = goesOn && before?.type === 'END' ? readReplacement(clause, grammar, saidAt, before.fact) : null;
    if (replacement) read.splice(-1, 1, replacement);
    else read.push(...readClause(clause, grammar, saidAt));
  }
}

/** Splits a statement that begins with something that ended into its clauses. */
function splitAfterEnding(statement: string, grammar: Grammar): string[] {
  const clauses = statement.split(grammar.revisions.clause).map(trimPunctuation);
  return readEnding(clauses[0] ?? '', grammar) ? clauses : [statement];
}

function readClause(clause: string, grammar: Grammar, saidAt: Date): Statement[] {
  const correction = readCorrection(clause, grammar, saidAt);
  if (correction) return [correction];
  const ended = readEnding(clause, grammar);
  const memory = isOutdated(clause, grammar) ? null : extractStatement(clause, grammar, saidAt);
  if (ended) {
    const sentence = formatContent(clause, grammar, saidAt);
    return [memory ? { type: 'LEARN', memory, replaces: ended } : { type: 'END', fact: ended, sentence }];
  }
  const update = readUpdate(clause, grammar, saidAt);
  if (update) return [update];
  return memory ? [{ type: 'LEARN', memory, replaces: null }] : [];
}

/** Whether a clause only tells what used to hold. "I don't eat meat any more" also tells what holds now. */
function isOutdated(clause: string, { revisions, rules }: Grammar): boolean {
  if (!revisions.outdated.test(clause)) return false;
  const plain = clause.replace(revisions.now, '');
  return revisions.outdated.test(plain) || !rules.some(({ pattern }) => pattern.test(plain));
}

/** Extracts what a sentence asks to remember: by the rules if they cover all of it, else verbatim. Null if it asks to remember nothing. */
function extractRemembered({ grammar, whole }: UserSentence, saidAt: Date): ExtractedMemory[] | null {
  const request = grammar.remember.exec(whole)?.groups;
  if (!request) return null;
  const what = trimPunctuation(request.what ?? request.plain ?? request.note ?? '');
  if (!isUsableStatement(what)) return [];
  const parts = request.note ? [] : what.split(grammar.joint).map(trimPunctuation);
  const extracted = parts.map((statement) => extractStatement(statement, grammar, saidAt));
  const known = extracted.filter((memory) => memory !== null);
  if (parts.length > 0 && known.length === parts.length)
    return known.map((memory) => ({ ...memory, importance: Math.max(memory.importance, REMEMBER_IMPORTANCE) }));
  const content = formatContent(what, grammar, saidAt);
  return [{ content, kind: 'NOTE', importance: REMEMBER_IMPORTANCE, tags: [], topic: null }];
}
