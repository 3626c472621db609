import { z } from 'zod';
import { DEFAULT_IMPORTANCE } from '#domain/memories/new-memory.ts';
import { isShortTag } from '#domain/memories/tags.ts';
import { type ExtractedMemory, MAX_EXTRACTED } from './extracted-memory.ts';

/** Tags of a memory that are kept: three are asked for. */
const MAX_TAGS = 10;
/** Memories that one item names by their numbers. */
const MAX_NUMBERS = 100;

const storableText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'));
const Tag = storableText(50).toLowerCase().refine(isShortTag);

const Numbers = z.array(z.int()).max(MAX_NUMBERS);

/** What is left out has a default; a field that is not asked for is ignored. */
const Memory = z.object({
  content: storableText(1_000),
  kind: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['FACT', 'PREFERENCE', 'EVENT', 'NOTE'])),
  importance: z.preprocess((value) => value ?? DEFAULT_IMPORTANCE, z.number().min(0).max(1)),
  tags: z.preprocess(
    (value) => value ?? [],
    z.array(z.unknown()).transform((tags) => tags.flatMap((tag) => Tag.safeParse(tag).data ?? []).slice(0, MAX_TAGS)),
  ),
  topic: storableText(60).toLowerCase().nullable().catch(null),
  supersedes: z.preprocess((value) => value ?? [], Numbers).catch([]),
});

const Ended = z.object({ ended: Numbers.min(1), reason: storableText(1_000) });

/** A memory in a model's answer, with the numbers of those that it supersedes; or the numbers of those that have ended. */
export type ReadMemory = (ExtractedMemory & { supersedes: number[] }) | z.infer<typeof Ended>;

/**
 * Reads the memories in a model's answer, whatever stands around them: models like to wrap them in words, fences or another
 * object. What is no memory is passed over. Null where there is none, unless the answer is an empty list.
 */
export function readMemories(answer: string): ReadMemory[] | null {
  const items = [...findObjects(answer)].flatMap(unwrap);
  const memories = items.flatMap((item) => Ended.safeParse(item).data ?? Memory.safeParse(item).data ?? []);
  const isEmptyList = items.length === 0 && /\[\s*\]/.test(answer);
  return memories.length > 0 || isEmptyList ? memories.slice(0, MAX_EXTRACTED) : null;
}

const unwrap = (found: object): unknown[] =>
  'content' in found || 'ended' in found ? [found] : Object.values(found).filter(Array.isArray).flat();

/** Braces of a text that turn out to begin no object: the search for one reads to the end of the text. */
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

/** Returns where the object ends that begins at an index, as far as its braces say; there, where it does not end. */
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
