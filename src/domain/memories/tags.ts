import { BadUserInput } from '#domain/core/errors.ts';
import { checkText } from '#domain/core/validation.ts';

/** The maximum number of tags per memory. */
export const MAX_TAGS = 20;
/** The maximum length of a normalized tag, in characters. */
export const MAX_TAG_LENGTH = 50;

/** Returns the normalized tags: lower case, single spaces, no duplicates, none empty; at most 20. Throws BadUserInput. */
export function checkTags(field: string, tags: readonly string[]): string[] {
  const normalized = tags.map((tag, index) =>
    checkText(`${field}.${index}`, normalizeTag(tag), { min: 0, max: MAX_TAG_LENGTH }),
  );
  const checked = [...new Set(normalized)].filter((tag) => tag !== '');
  if (checked.length > MAX_TAGS) throw new BadUserInput(field, `Give at most ${MAX_TAGS} tags.`);
  return checked;
}

/** Returns the tags of both, the newer ones first. Beyond the maximum, older tags are dropped. */
export function uniteTags(newer: readonly string[], older: readonly string[]): string[] {
  return [...new Set([...newer, ...older])].slice(0, MAX_TAGS);
}

/** Whether a tag is short enough once it is normalized, which may lengthen it. */
export const isShortTag = (tag: string): boolean => normalizeTag(tag).length <= MAX_TAG_LENGTH;

function normalizeTag(tag: string): string {
  return tag.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}
