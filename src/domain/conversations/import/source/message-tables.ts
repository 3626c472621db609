import { type Fields, fieldsOf, idOf, isFields } from './conversation.ts';
import { linksOf, timeOf } from './message-links.ts';
import { oldestFirst } from './oldest-first.ts';

/** Fields of a message with the id of its conversation; the first one counts, since LobeChat has topics within sessions. */
const CONVERSATION_IDS = ['topicId', 'conversationId', 'chatId', 'threadId', 'sessionId'].flatMap((name) => [
  name,
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
]);

/**
 * Splits a table of messages of several conversations by their ids; the titles are in other lists of `about`. Returns null if all messages
 * are of one conversation without a title, or if messages answer those of another conversation.
 */
export function splitMessageTable(list: readonly unknown[], about: Fields = {}): Fields[] | null {
  const messages = list.map((item) => (isFields(item) ? item : {}));
  const keys = messages.map(keyOf);
  const known = readAbout(Object.values(about).filter((table) => table !== list));
  const named = new Set(keys.filter((key) => key !== null));
  if (named.size === 0 || (named.size === 1 && ![...named].some((key) => known.has(key)))) return null;
  if (isLinkedAcross(messages, keys)) return null;
  const groups = new Map<string | null, unknown[]>();
  for (const [index, item] of list.entries()) {
    const key = keys[index] ?? null;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return Array.from(groups, ([id, items]) => ({
    ...(id === null ? {} : { id, ...known.get(id) }),
    messages: inOrder(items),
  }));
}

function keyOf(message: Fields): string | null {
  const name = CONVERSATION_IDS.find((field) => idOf(message[field]) !== null);
  return name === undefined ? null : idOf(message[name]);
}

/** Whether a message answers one of another conversation: then all of them are one. */
function isLinkedAcross(messages: readonly Fields[], keys: readonly (string | null)[]): boolean {
  const places = new Map(messages.map((message, index) => [linksOf(message).id, keys[index]]));
  return messages.some((message, index) => {
    const { parent } = linksOf(message);
    return parent !== null && places.has(parent) && places.get(parent) !== keys[index];
  });
}

/** Sorts messages by time if all have one, because databases return rows in any order. */
const inOrder = (items: readonly unknown[]): unknown[] =>
  items.every((item) => isFields(item) && timeOf(item) !== null)
    ? oldestFirst(items, (item) => (isFields(item) ? timeOf(item) : null))
    : [...items];

/** Returns the fields of conversations in lists beside the messages, by id, including those of `meta` and `config`. */
function readAbout(tables: readonly unknown[]): Map<string, Fields> {
  const about = new Map<string, Fields>();
  for (const row of tables.flatMap(fieldsOf)) {
    const id = idOf(row.id);
    if (id === null || about.has(id)) continue;
    const { meta, config, messages: _messages, ...own } = row;
    about.set(id, { ...(isFields(config) ? config : {}), ...(isFields(meta) ? meta : {}), ...own, id });
  }
  return about;
}
