import { type Fields, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { TreeNode } from '#domain/conversations/import/source/message-tree.ts';
import { readTime } from '#domain/conversations/import/source/times.ts';

/** A node of a `mapping`; `message` is null where it only holds others together. */
export type MappingNode = TreeNode & { message: Fields | null };

/** Reads a `mapping`, as ChatGPT and DeepSeek export it: nodes by their ids. `timeOf` returns the time of a message, as it is written. */
export function readMapping(mapping: Fields, timeOf: (message: Fields) => unknown): Map<string, MappingNode> {
  const nodes = new Map<string, MappingNode>();
  const entries = Object.entries(mapping).flatMap(([id, node]) => (isFields(node) ? [{ id, node }] : []));
  const parents = new Map(entries.flatMap(({ id, node }) => childrenOf(node).map((child) => [child, id] as const)));
  for (const { id, node } of entries) {
    const message = isFields(node.message) ? node.message : null;
    const parent = textOf(node.parent) ?? parents.get(id) ?? null;
    nodes.set(id, { id, parent, time: message && readTime(timeOf(message)), message });
  }
  return nodes;
}

/** Some exports have links in one direction only. */
const childrenOf = ({ children }: Fields): string[] =>
  Array.isArray(children) ? children.filter((child) => typeof child === 'string') : [];
