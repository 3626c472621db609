import { roleOf } from './chat-message.ts';
import { type Fields, fieldsOf, isFields, textOf } from './conversation.ts';
import type { Omit } from './omissions.ts';

/** Fields that name the author of a message. */
const WRITERS = ['author', 'sender', 'from'] as const;

/**
 * Marks answers by their author: if some messages are by "human", which is no person's name, all other authors are models (Poe, whose
 * messages are the nodes of a GraphQL connection).
 */
export function nameModels(source: readonly unknown[]): unknown[] {
  const list = source.map((item) => (isFields(item) && isFields(item.node) ? item.node : item));
  const writer = WRITERS.find((name) => fieldsOf(list).some((item) => isHuman(item[name]) && item.role === undefined));
  if (writer === undefined) return list;
  return list.map((item) => {
    const name = isFields(item) && item.role === undefined ? textOf(item[writer]) : null;
    return name === null || roleOf(name) || !isFields(item) ? item : { model: name, ...item, role: 'assistant' };
  });
}

const isHuman = (name: unknown): boolean => typeof name === 'string' && name.toLowerCase() === 'human';

/** Replaces several answers to one question (TypingMind) by the chosen one, or the first. */
export function chooseAnswers(list: readonly unknown[], omit: Omit): unknown[] {
  return list.flatMap((item) => {
    const all = isFields(item) && !item.content ? fieldsOf(item.responses) : [];
    const chosen = all.find(isChosen) ?? all[0];
    if (!chosen) return [item];
    for (let others = all.length - 1; others > 0; others -= 1) omit('OTHER_BRANCH');
    const messages = fieldsOf(chosen.messages).map((message) => ({ model: chosen.model, ...message }));
    return messages.length > 0 ? messages : [{ ...(item as Fields), role: 'assistant', ...chosen }];
  });
}

const isChosen = ({ selected, isSelected, isMain }: Fields): boolean => [selected, isSelected, isMain].includes(true);
