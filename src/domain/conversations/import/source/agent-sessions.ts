import { type Fields, fieldsOf, isFields, textOf } from './conversation.ts';
import { linksOf } from './message-links.ts';

/**
 * Returns the lines of a session of Claude Code in which agents below it have not spoken: of what they said only the links are left. A
 * session of such an agent alone is returned as it is.
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

/** Returns the id and the title of a session that stand in lines of their own: Codex, Claude Code. */
export function aboutSession(list: unknown): { id: string | null; title: string | null } {
  const lines = fieldsOf(list).filter(({ type }) => typeof type === 'string');
  const meta = lines.find(({ type }) => type === 'session_meta')?.payload;
  const titles = lines.map(({ customTitle, aiTitle, type, summary }) =>
    textOf(customTitle ?? aiTitle ?? (type === 'summary' ? summary : null)),
  );
  return { id: isFields(meta) ? textOf(meta.id) : null, title: titles.find((title) => title !== null) ?? null };
}

/** What agents for code tell their model in the name of the user. */
const TOLD_TAGS = ['environment_context', 'environment_details', 'user_instructions', 'system-reminder'];

/** Whether a text is nothing but what an agent tells its model of where it runs. */
export function isOfAgent(text: string): boolean {
  const trimmed = text.trim();
  return TOLD_TAGS.some((tag) => trimmed.startsWith(`<${tag}>`) && trimmed.endsWith(`</${tag}>`));
}
