import { type Fields, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import { parseEmbedded } from '#domain/conversations/import/source/embedded-json.ts';
import type { ObjectFormat } from './object-format.ts';

/**
 * Pairs of answers of which one is preferred (DPO): `chosen` and `rejected`, each an answer to `prompt` or a whole conversation. The chosen
 * one is imported; the rejected one is counted as another branch.
 */
export const chosenRejected: ObjectFormat = {
  format: 'TRAINING_SET',
  matches: ({ chosen, rejected }) => isSide(chosen) && isSide(rejected),
  translate: (source) => {
    const { prompt, question, instruction, conversations, messages, system } = source;
    const before = [prompt, question, instruction, conversations, messages]
      .map((side) => toMessages(side))
      .find((list) => list.length > 0);
    const chosen = toMessages(source.chosen, 'assistant');
    const rejected = toMessages(source.rejected, 'assistant');
    const [list, other] = [chosen, rejected].map((side) =>
      startsWithUser(side) ? side : [...(before ?? []), ...side],
    );
    return {
      systemPrompt: system,
      messages: choose(list as unknown[], other as unknown[]),
    };
  },
};

/** Pairs of conversations of two models with a vote: LMSYS. The winner's is imported; of a tie, the first. */
export const arenaPair: ObjectFormat = {
  format: 'TRAINING_SET',
  matches: (source) => sidesOf(source) !== null,
  translate: (source) => {
    const [a, b] = sidesOf(source) as [unknown[], unknown[]];
    const isB = source.winner === 'model_b' || Number(source.winner_model_b) === 1;
    return {
      created_at: source.tstamp,
      model: isB ? source.model_b : source.model_a,
      messages: isB ? choose(b, a) : choose(a, b),
    };
  },
};

const isSide = (side: unknown): boolean =>
  textOf(side) !== null || (Array.isArray(side) && side.length > 0) || (isFields(side) && Object.keys(side).length > 0);

function toMessages(side: unknown, role = 'user'): unknown[] {
  if (Array.isArray(side)) return side;
  if (isFields(side)) return [side];
  const text = textOf(side);
  if (text === null) return [];
  return splitTurns(text) ?? [{ role, content: text }];
}

const TURN = /(?:^|\n\n)(Human|Assistant): ?/;

/** Returns the turns of a text of several ("\n\nHuman: …\n\nAssistant: …", as in HH-RLHF); null if it is not one. */
function splitTurns(text: string): Fields[] | null {
  if (!/^\s*Human:/.test(text)) return null;
  const [, ...parts] = `\n\n${text.trimStart()}`.split(new RegExp(TURN, 'g'));
  return parts.flatMap((speaker, index) =>
    index % 2 === 1
      ? []
      : [{ role: speaker === 'Human' ? 'user' : 'assistant', content: (parts[index + 1] ?? '').trim() }],
  );
}

const startsWithUser = ([first]: readonly unknown[]): boolean =>
  isFields(first) && ['user', 'human', 'system'].includes(String(first.role ?? first.from));

/**
 * Returns the messages of the chosen side. What follows the common beginning is one of two answers, as for a question to several models.
 */
function choose(chosen: readonly unknown[], other: readonly unknown[]): unknown[] {
  const differing = chosen.findIndex((message, index) => JSON.stringify(message) !== JSON.stringify(other[index]));
  const end = differing === -1 ? chosen.length - 1 : differing;
  const responses = [{ messages: chosen.slice(end) }, { messages: other.slice(end) }];
  return [...chosen.slice(0, end), { responses }];
}

/** The sides are lists of messages, or JSON texts of the prompts and of each model's responses. */
function sidesOf(source: Fields): [unknown[], unknown[]] | null {
  const { conversation_a: a, conversation_b: b } = source;
  if (Array.isArray(a) && Array.isArray(b)) return [toMessages(a), toMessages(b)];
  const [prompts, ofA, ofB] = [source.prompt, source.response_a, source.response_b].map(listIn);
  return prompts && ofA && ofB ? [zip(prompts, ofA), zip(prompts, ofB)] : null;
}

function listIn(value: unknown): unknown[] | null {
  const list = Array.isArray(value) ? value : parseEmbedded(value);
  return Array.isArray(list) ? list : typeof value === 'string' ? [value] : null;
}

const zip = (prompts: readonly unknown[], answers: readonly unknown[]): Fields[] =>
  prompts.flatMap((prompt, index) => [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answers[index] },
  ]);
