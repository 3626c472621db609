import { removeClosing } from './chat-spelling.ts';
import { extractStatement, formatContent, isNamed, isUsableStatement, topicOf } from './extract-statement.ts';
import type { ExtractedMemory } from './extracted-memory.ts';
import type { Fact } from './fact.ts';
import type { Grammar } from './grammars/grammar.ts';
import { trimPunctuation } from './sentence-text.ts';
import type { Statement } from './statement.ts';

/** The importance, 0 to 1, of a replacement that matches no rule. */
const UPDATE_IMPORTANCE = 0.6;

/**
 * Returns what a sentence asks to forget, and the clauses that say what holds instead: "forget that I live in Acre, I live in Ramla". Null
 * if it asks to forget nothing.
 */
export function readForgetting(
  sentence: string,
  grammar: Grammar,
): { statements: Statement[]; instead: string[] } | null {
  const { forget, forgetAll, conjunction } = grammar.revisions;
  if (forgetAll.test(sentence)) return { statements: [{ type: 'FORGET_ALL' }], instead: [] };
  const groups = forget.exec(sentence)?.groups;
  if (!groups) return null;
  if (groups.thing) return { statements: [forgetThing(groups.thing, grammar)], instead: [] };
  if (groups.subject) return { statements: [forgetSubject(groups.subject, grammar)], instead: [] };
  if (groups.ignored)
    return { statements: [{ ...forgetStatement(groups.ignored, grammar), isOne: true }], instead: [] };
  const object = groups.what ?? groups.plain;
  if (!object) return { statements: [forgetStatement(groups.about ?? groups.answer ?? '', grammar)], instead: [] };
  const parts = object.split(conjunction).map((part) => splitForgotten(part, grammar));
  return {
    statements: parts.map(({ forgotten }) => forgetStatement(forgotten, grammar)),
    instead: parts.flatMap(({ instead }) => instead),
  };
}

/**
 * Splits what is to be forgotten from what holds instead, which follows a comma: "that I live in Acre, I work in Haifa". What follows an
 * "and" is neither, unless it replaces what is forgotten.
 */
function splitForgotten(part: string, grammar: Grammar): { forgotten: string; instead: string[] } {
  const aside = grammar.revisions.aside.exec(part);
  if (aside) {
    const { forgotten, instead } = splitForgotten(part.slice(0, aside.index), grammar);
    return {
      forgotten,
      instead: [...instead, ...(aside.groups?.instead?.split(grammar.joint) ?? []).map(trimPunctuation)],
    };
  }
  const joint = grammar.joint.exec(part);
  if (!joint) return { forgotten: trimPunctuation(part), instead: [] };
  const forgotten = trimPunctuation(part.slice(0, joint.index));
  const rest = part
    .slice(joint.index + joint[0].length)
    .split(grammar.joint)
    .map(trimPunctuation);
  if (/^\s*[,;:–—-]\s*$/u.test(joint[0])) return { forgotten, instead: rest };
  const topic = topicOf(forgotten, grammar);
  return { forgotten, instead: rest.filter((clause) => topic !== null && topicOf(clause, grammar) === topic) };
}

function forgetSubject(subject: string, grammar: Grammar): Statement {
  const statement = forgetStatement(subject, grammar);
  return statement.fact.topic === null ? { ...statement, isOne: true } : statement;
}

function forgetStatement(statement: string, grammar: Grammar): Extract<Statement, { type: 'FORGET' }> {
  const subject = grammar.revisions.subjects.find(([pattern]) => pattern.test(statement));
  if (subject) return { type: 'FORGET', fact: { statement: '', topic: subject[1], scope: 'BEGINNING' } };
  return { type: 'FORGET', fact: { statement, topic: topicOf(statement, grammar), scope: 'WORDS' } };
}

/** A thing without an owner is only forgotten where a memory begins with it: "the code" is not every sentence with a code in it. */
const forgetThing = (thing: string, { revisions }: Grammar): Statement => ({
  type: 'FORGET',
  isOne: true,
  fact: { statement: thing, topic: null, scope: 'PATTERN', memories: new RegExp(revisions.beginsWith(thing), 'iu') },
});

const CONTRACTED = /^(it|he|she|they)['’](?:s|re)(?= )/i;

/** Returns what has ended according to a statement; null if nothing has. */
export function readEnding(sentence: string, grammar: Grammar): Fact | null {
  const said = removeClosing(sentence);
  const statement = grammar.revisions.elided.test(said) ? `${grammar.revisions.first} ${said}` : said;
  // In Hebrew a verb alone is a sentence: "התפטרתי".
  if (!isUsableStatement(statement) && !/^[א-ת]+$/.test(statement)) return null;
  const { endings, now, pronoun } = grammar.revisions;
  for (const ending of endings) {
    const match = ending.pattern.exec(statement);
    if (!match || !isNamed(match)) continue;
    const { groups = {} } = match;
    const ended = ending.statement?.(groups) ?? `${groups.before ?? ''} ${groups.after ?? ''}`;
    const positive = ended.replace(CONTRACTED, '$1 is').replace(now, '').replace(now, '').replace(/\s+/g, ' ').trim();
    const fact = {
      statement: positive.replace(pronoun, '').trim(),
      topic: ending.topic ?? topicOf(positive, grammar),
    };
    if (ending.memories) return { ...fact, scope: 'PATTERN', memories: new RegExp(ending.memories(groups), 'iu') };
    const further = ending.further && { memories: new RegExp(ending.further(groups), 'iu') };
    return { ...fact, scope: pronoun.test(positive) ? 'WORDS' : 'BEGINNING', ...further };
  }
  return null;
}

/** Returns a statement that gives a subject a new value: "The code is now 7". Null if it does not. */
export function readUpdate(statement: string, grammar: Grammar, saidAt: Date): Statement | null {
  if (!isUsableStatement(statement)) return null;
  const said = removeClosing(statement);
  for (const { pattern, whose: owner, statement: begin, memories, isOnly } of grammar.revisions.updates) {
    const { subject, value, whose = owner } = pattern.exec(said)?.groups ?? {};
    if (!subject || !value) continue;
    const memory = extractStatement(statement, grammar, saidAt) ?? toUpdate(statement, grammar, saidAt);
    const named = whose ? nameOwned(subject, whose) : subject;
    const replaces: Fact = begin
      ? { statement: begin(named), topic: null, scope: 'BEGINNING' }
      : { statement: named, topic: null, scope: 'SUBJECT', value };
    if (isOnly) replaces.scope = 'PATTERN';
    if (memories) replaces.memories = new RegExp(memories(subject), 'u');
    return { type: 'LEARN', memory, replaces };
  }
  return null;
}

/** Adds the owner to a subject, in the word order of its language. */
const nameOwned = (subject: string, whose: string) =>
  /[א-ת]/.test(subject) ? `${subject} ${whose}` : `${whose} ${subject}`;

/** Returns the correction in a statement such as "I live in Acre, not in Haifa"; null if there is none. */
export function readCorrection(statement: string, grammar: Grammar, saidAt: Date): Statement | null {
  const { holds = '', denied = '' } = grammar.revisions.correction.exec(statement)?.groups ?? {};
  const memory = extractStatement(holds, grammar, saidAt);
  if (!memory) return null;
  const subject = holds.split(' ').slice(0, 2).join(' ');
  return { type: 'LEARN', memory, replaces: { statement: `${subject} ${denied}`, topic: null, scope: 'WORDS' } };
}

/** Returns what replaces a fact according to a clause; null if nothing does. */
export function readReplacement(clause: string, grammar: Grammar, saidAt: Date, fact: Fact): Statement | null {
  const { statement, topic } = fact;
  const subject = /^.+?(?= (?:is|are) )/.exec(statement)?.[0];
  const whole = subject
    ? clause.replace(/^(?:it|he|she|they)(?:['’](?:s|re)| is| are)(?= )/i, `${subject} is`)
    : clause;
  const known = extractStatement(whole, grammar, saidAt);
  if (
    known
      ? known.topic !== topic
      : !isUsableStatement(whole) || (whole === clause && !grammar.revisions.replacement.test(whole))
  )
    return null;
  const memory = known ?? { ...toUpdate(whole, grammar, saidAt), topic };
  return { type: 'LEARN', memory, replaces: fact };
}

const toUpdate = (statement: string, grammar: Grammar, saidAt: Date): ExtractedMemory => ({
  content: formatContent(statement, grammar, saidAt),
  kind: 'FACT',
  importance: UPDATE_IMPORTANCE,
  tags: [],
  topic: null,
});
