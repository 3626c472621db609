import { type Fields, isFields, listOf, readText, readTimes, readWords, speakerOf } from './fields.ts';

/** How deep lists are looked for. */
const MAX_DEPTH = 4;

/** Segments that are looked at to tell what a list is. */
const SAMPLE = 50;

/** What was found in a document of an unknown form: pieces of speech, and the times of words if these have a list of their own. */
export type FoundLists = { path: string; items: unknown[]; words: unknown[] | null };

/**
 * Finds the pieces of speech in a document, whatever they are called there: the list with the longest texts of those whose items have a
 * text and a time. One of single words beside it has their times.
 */
export function findAnyList(document: Fields): FoundLists | null {
  const found = listsIn(document, '', MAX_DEPTH).toSorted((one, other) => other.length - one.length);
  const [longest, ...others] = found;
  if (!longest) return null;
  const words = others.find(({ areWords }) => areWords);
  return { path: longest.path, items: longest.items, words: longest.areWords ? null : (words?.items ?? null) };
}

/** A list of pieces; `length` is that of a text in it, on average. */
type FoundList = { path: string; items: unknown[]; length: number; areWords: boolean };

function listsIn(fields: Fields, path: string, depth: number): FoundList[] {
  if (depth === 0) return [];
  return Object.entries(fields).flatMap(([name, value]) => {
    const inner = path === '' ? name : `${path}.${name}`;
    if (Array.isArray(value)) return describeList(inner, value) ?? [];
    return isFields(value) ? listsIn(value, inner, depth - 1) : [];
  });
}

function describeList(path: string, items: unknown[]): FoundList | null {
  const sample = items.slice(0, SAMPLE);
  const texts = listOf(sample).flatMap((item) =>
    isPiece(item) ? (readText(item, readWords(item.words, 1)) ?? []) : [],
  );
  if (texts.length === 0 || texts.length < sample.length / 2) return null;
  const length = texts.reduce((sum, text) => sum + text.trim().length, 0) / texts.length;
  return { path, items, length, areWords: texts.every((text) => !text.trim().includes(' ')) };
}

/** Whether an object has a text and a time, or words that have them. */
export function isPiece(item: Fields): boolean {
  const heard = readWords(item.words, 1);
  const text = readText(item, heard);
  if (text === null || text.trim() === '') return false;
  return readTimes(item, 1).startSeconds !== null || heard.some(({ startSeconds }) => startSeconds !== null);
}

/** Whether a list has texts; others say only when somebody speaks. */
export const hasTexts = (list: readonly unknown[]): boolean =>
  listOf(list).some((item) => readText(item, readWords(item.words ?? item.tokens, 1)));

/** Whether a list says who speaks when, and not what. */
export const areRanges = (list: readonly unknown[]): boolean =>
  !hasTexts(list) &&
  listOf(list).some((item) => speakerOf(item) !== undefined && readTimes(item, 1).startSeconds !== null);
