import { type Fields, fieldsOf, isFields, textOf } from './conversation.ts';
import { linksOf } from './message-links.ts';

/**
 * Returns the lines of a session of Claude Code without the content of its subagents, of whose lines only the links are kept. A session of
 * only a subagent is returned unchanged.
 */
export function withoutSidechains(list: readonly unknown[]): readonly unknown[] {
  const isOfAgent = (item: unknown): item is Fields => isFields(item) && item.isSidechain === true;
  if (!list.some(isOfAgent) || !fieldsOf(list).some(({ isSidechain }) => isSidechain === false)) return list;
  return list.map((item) => {
    if (!isOfAgent(item)) return item;
    const { id, parent } = linksOf(item);
    return { uuid: id, parentUuid: parent, isSidechain: true };
  });
}

/** Returns the id and the title of a session, which have lines of their own in Codex and Claude Code. */
export function aboutSession(list: unknown): { id: string | null; title: string | null } {
  const lines = fieldsOf(list).filter(({ type }) => typeof type === 'string');
  const meta = lines.find(({ type }) => type === 'session_meta')?.payload;
  const titles = lines.map(({ customTitle, aiTitle, type, summary }) =>
    textOf(customTitle ?? aiTitle ?? (type === 'summary' ? summary : null)),
  );
  return { id: isFields(meta) ? textOf(meta.id) : null, title: titles.find((title) => title !== null) ?? null };
}

/** Tags of the context that coding agents add to the user's messages. */
const TOLD_TAGS = ['environment_context', 'environment_details', 'user_instructions', 'system-reminder'];

/** Whether a text consists only of the context that an agent adds about its environment. */
export function isOfAgent(text: string): boolean {
  const trimmed = text.trim();
  return TOLD_TAGS.some((tag) => trimmed.startsWith(`<${tag}>`) && trimmed.endsWith(`</${tag}>`));
}
