import { type Fields, fieldsOf, idOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';

/** Whether an object is a backup of Cherry Studio, as the `data.json` in its archive. */
export const isCherryStudio = ({ indexedDB }: Fields): boolean =>
  isFields(indexedDB) && Array.isArray(indexedDB.topics);

/** Returns the conversations of a backup, in which the blocks of messages and the names of topics are in separate tables. */
export function openCherryStudio({ indexedDB, localStorage }: Fields): unknown[] {
  const { topics, message_blocks: blocks } = indexedDB as Fields;
  const byId = new Map(fieldsOf(blocks).map((block) => [block.id, block]));
  const titles = readTitles(localStorage);
  return (topics as unknown[]).map((topic) => {
    if (!isFields(topic)) return topic;
    const messages = Array.isArray(topic.messages) ? topic.messages.map((message) => withBlocks(message, byId)) : [];
    return { title: titles.get(topic.id), ...topic, messages };
  });
}

function withBlocks(message: unknown, byId: Map<unknown, Fields>): unknown {
  if (!isFields(message) || !Array.isArray(message.blocks)) return message;
  const parts = message.blocks.map((block) => toPart(isFields(block) ? block : takeBlock(block, byId)));
  const { model } = message;
  return { ...message, content: parts, model: isFields(model) ? idOf(model.id) : model };
}

/** A block is used for one message only; otherwise a small file whose messages all name the same block would become large. */
function takeBlock(id: unknown, byId: Map<unknown, Fields>): Fields {
  const block = byId.get(id) ?? { type: 'unknown' };
  byId.delete(id);
  return block;
}

/** Converts a block to the form of other applications. */
function toPart(block: Fields): Fields {
  const { type, content, toolId, toolName, arguments: given, file } = block;
  if (type === 'main_text' || type === 'code') return { type: 'text', text: content };
  if (type === 'tool') return { type: 'dynamic-tool', toolCallId: toolId, toolName, input: given, output: content };
  return { type, file };
}

/** Returns the names of topics, which the assistants have as JSON in JSON. */
function readTitles(stored: unknown): Map<unknown, unknown> {
  const { 'persist:cherry-studio': persisted } = isFields(stored) ? stored : {};
  const state = parse(parse(persisted)?.assistants);
  const topics = fieldsOf(state?.assistants).flatMap((assistant) => fieldsOf(assistant.topics));
  return new Map(topics.map(({ id, name }) => [id, textOf(name)]));
}

function parse(text: unknown): Fields | null {
  if (typeof text !== 'string') return isFields(text) ? text : null;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
