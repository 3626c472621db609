import { BadUserInput } from '#domain/core/errors.ts';
import { checkText } from '#domain/core/validation.ts';

export const MAX_TAGS = 20;
/** UTF-16 units of one tag, in its one spelling. */
export const MAX_TAG_LENGTH = 50;

/** Tags in their one spelling: lower case, single spaces, no doubles, no empty ones; at most MAX_TAGS. Throws BadUserInput. */
export function checkTags(field: string, tags: readonly string[]): string[] {
  const spelt = tags.map((tag, index) => checkText(`${field}.${index}`, spell(tag), { min: 0, max: MAX_TAG_LENGTH }));
  const checked = [...new Set(spelt)].filter((tag) => tag !== '');
  if (checked.length > MAX_TAGS) throw new BadUserInput(field, `Give at most ${MAX_TAGS} tags.`);
  return checked;
}

/** Those of both, the newer ones first: what is more than a memory can have is cut off the older. */
export function uniteTags(newer: readonly string[], older: readonly string[]): string[] {
  return [...new Set([...newer, ...older])].slice(0, MAX_TAGS);
}

/** Whether a tag is short enough in its one spelling, which can be longer than the given one. */
export const isShortTag = (tag: string): boolean => spell(tag).length <= MAX_TAG_LENGTH;

function spell(tag: string): string {
  return tag.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}
