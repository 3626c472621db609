/** A piece of an answer, and of what a model thinks before it. */
export type AnswerPiece = { text: string; thought: string };

/** What models put before and behind what they think, where their endpoint does not tell it apart. */
const TAGS: readonly (readonly [opening: string, closing: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<seed:think>', '</seed:think>'],
  ['[think]', '[/think]'],
  ['◁think▷', '◁/think▷'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
];
const LONGEST_TAG = Math.max(...TAGS.map(([opening]) => opening.length));
/** UTF-16 units of white space that may stand before the first tag. */
const MAX_INDENT = 100;

/** Takes the pieces of a response, and returns what of them is clear by now. */
export type ThoughtSplitter = { push(piece: AnswerPiece): AnswerPiece; flush(): AnswerPiece };

/**
 * Tells what a model thinks from its answer, in pieces that are cut anywhere. Only what stands before the answer's first word
 * counts: tags after it are quoted. What is never closed has no answer behind it.
 */
export function createThoughtSplitter(): ThoughtSplitter {
  let held = '';
  let closingTag: string | null = null;
  let hasThought = false;
  let answering = false;

  /** Returns the beginning of the answer: '' while it is not clear that it has begun. */
  const takeText = (): string => {
    if (hasThought) held = held.trimStart();
    const beginning = held.trimStart().slice(0, LONGEST_TAG).toLowerCase();
    const tags = TAGS.find(([opening]) => beginning.startsWith(opening));
    if (tags) {
      held = held.trimStart().slice(tags[0].length);
      closingTag = tags[1];
      hasThought = true;
      return '';
    }
    answering = !TAGS.some(([opening]) => opening.startsWith(beginning)) || held.length > MAX_INDENT;
    return answering ? takeHeld() : '';
  };
  /** Returns what is thought up to the closing tag, or up to what may become one. */
  const takeThought = (closing: string): string => {
    const end = held.search(new RegExp(closing.replace(/[|[\]]/g, '\\$&'), 'i'));
    if (end === -1) return takeHeld(findPrefixAtEnd(held, closing));
    const thought = takeHeld(end);
    held = held.slice(closing.length);
    closingTag = null;
    return thought;
  };
  const takeHeld = (end = held.length): string => {
    const taken = held.slice(0, end);
    held = held.slice(end);
    return taken;
  };

  return {
    push({ text, thought }) {
      hasThought ||= thought.trim() !== '';
      if (answering) return { text, thought };
      held += text;
      const taken = { text: '', thought };
      for (let before = ''; !answering && held !== before; ) {
        before = held;
        if (closingTag) taken.thought += takeThought(closingTag);
        else taken.text += takeText();
      }
      return taken;
    },
    flush: () => (closingTag ? { text: '', thought: takeHeld() } : { text: takeHeld(), thought: '' }),
  };
}

/** Where the end of a text begins that may be the beginning of a tag. */
function findPrefixAtEnd(text: string, tag: string): number {
  let from = Math.max(0, text.length - tag.length);
  while (!tag.startsWith(text.slice(from).toLowerCase())) from += 1;
  return from;
}

/** UTF-16 units that are kept of what a model thinks: it may think for longer than it answers. */
const MAX_REASONING = 50_000;

/** Collects what a model thinks, up to a bound; null where that is nothing. */
export function collectReasoning(): { push(thought: string): void; collected(): string | null } {
  let kept = '';
  let isCut = false;
  return {
    push(thought) {
      const room = MAX_REASONING - kept.length;
      isCut ||= thought.length > room;
      kept += thought.slice(0, room);
    },
    collected: () => (kept.trim() && `${kept.trim()}${isCut ? '…' : ''}`) || null,
  };
}
