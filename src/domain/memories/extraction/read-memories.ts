import { z } from 'zod';
import { DEFAULT_IMPORTANCE } from '#domain/memories/new-memory.ts';
import { isShortTag } from '#domain/memories/tags.ts';
import { type ExtractedMemory, MAX_EXTRACTED } from './extracted-memory.ts';

/** How many tags of a memory are kept. The prompt asks for three. */
const MAX_TAGS = 10;
/** How many memories one item can refer to by number. */
const MAX_NUMBERS = 100;

const storableText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'));
const Tag = storableText(50).toLowerCase().refine(isShortTag);

/** One number or a list of them; anything else is dropped. */
const Numbers = z.preprocess(
  (value) => (Array.isArray(value) ? value : [value]),
  z
    .array(z.unknown())
    .max(MAX_NUMBERS)
    .transform((values) => values.map(toNumber).filter(Number.isInteger)),
);
const toNumber = (value: unknown) =>
  (typeof value === 'string' && value.trim() !== '' ? Number(value) : value) as number;
/** Returns an importance, clamped to 0 to 1; the default if it is not a number. */
function toImportance(value: unknown): number {
  const importance = toNumber(value);
  return Number.isFinite(importance) ? Math.min(1, Math.max(0, importance)) : DEFAULT_IMPORTANCE;
}

/** Omitted fields have defaults, and unknown fields are ignored. */
const Memory = z.object({
  content: storableText(1_000),
  kind: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['FACT', 'PREFERENCE', 'EVENT', 'NOTE'])),
  importance: z.preprocess(toImportance, z.number()),
  tags: z.preprocess(
    (value) => [value ?? []].flat(),
    z.array(z.unknown()).transform((tags) => tags.flatMap((tag) => Tag.safeParse(tag).data ?? []).slice(0, MAX_TAGS)),
  ),
  topic: storableText(60).toLowerCase().nullable().catch(null),
  supersedes: Numbers.catch([]),
});

const Ended = z.object({ ended: Numbers.refine((numbers) => numbers.length > 0), reason: storableText(1_000) });

/** A memory in a model's answer, with the numbers of the memories that it supersedes; or the numbers of memories that have ended. */
export type ReadMemory = (ExtractedMemory & { supersedes: number[] }) | z.infer<typeof Ended>;

/**
 * Reads the memories in a model's answer. Models like to wrap them in words, code fences or another object: all of that is skipped, and so
 * is any item that is no memory. Null if there are none, unless the answer is an empty list.
 */
export function readMemories(answer: string): ReadMemory[] | null {
  const objects = [...findObjects(answer)];
  const items = (objects.length > 0 ? objects : findSentences(answer)).flatMap((found) => unwrap(found));
  const memories = items.flatMap((item) => Ended.safeParse(item).data ?? Memory.safeParse(item).data ?? []);
  const isEmptyList = items.length === 0 && /\[\s*\]/.test(answer);
  return memories.length > 0 || isEmptyList ? memories.slice(0, MAX_EXTRACTED) : null;
}

/** How many levels of objects around the list of memories are unwrapped. */
const MAX_DEPTH = 5;
/** Names that models give to a list of memories, which may hold sentences instead of objects. */
const LIST = /^(?:memories|facts|items|list)$/i;

/** Returns the memories in an object, at any level. */
function unwrap(found: unknown, depth = 0): unknown[] {
  if (typeof found !== 'object' || found === null || depth > MAX_DEPTH) return [];
  if ('content' in found || 'ended' in found) return [found];
  return Object.entries(found).flatMap(([key, value]) =>
    LIST.test(key) && Array.isArray(value) ? value.flatMap(readItem) : unwrap(value, depth + 1),
  );
}

const readItem = (item: unknown) =>
  typeof item !== 'string' ? [item] : item.includes(' ') ? [{ content: item, kind: 'FACT' }] : [];

/** Returns the list of sentences that an answer consists of or ends with, for answers without objects. */
function findSentences(answer: string): object[] {
  const list = parseObject(answer.slice(answer.indexOf('['), answer.lastIndexOf(']') + 1));
  return Array.isArray(list) ? [{ list }] : [];
}

/** After how many braces that begin no object the search is given up, because each attempt reads to the end of the text. */
const MAX_MISSES = 50;

/** Yields the outermost JSON objects in a text. */
function* findObjects(text: string): Generator<object> {
  let misses = 0;
  for (let from = text.indexOf('{'); from !== -1 && misses < MAX_MISSES; ) {
    const end = findObjectEnd(text, from);
    const object = parseObject(text.slice(from, end));
    if (object) yield object;
    else misses += 1;
    from = text.indexOf('{', object ? end : from + 1);
  }
}

/** Returns the index after the object that begins at `from`, by counting braces; `from` itself if it does not end. */
function findObjectEnd(text: string, from: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted && sign === '\\') at += 1;
    else if (!isQuoted && sign === '{') depth += 1;
    else if (!isQuoted && sign === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return from;
}

function parseObject(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
