/** A piece of an answer, and of what a model thinks before it. */
export type AnswerPiece = { text: string; thought: string };

/** What models put before and behind what they think, where their endpoint does not tell it apart. */
const TAGS: readonly (readonly [opening: string, closing: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[think]', '[/think]'],
  ['◁think▷', '◁/think▷'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|channel|>commentary<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
  ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
];
/** What stands before an answer without a thought, and behind one, where a template's own marks are left in (Harmony of gpt-oss, ChatML, Llama). */
const ANSWER_MARKS = ['<|start|>assistant', '<|channel|>final<|message|>'];
const END_MARK = /<\|(?:return|end|im_end|eot_id|eom_id|end_of_text|endoftext)\|>\s*$/;
/** What may become an END_MARK. */
const MAYBE_END_MARK = /<(?:\|(?:[a-z_]{0,11}(?:\|>?)?)?)?\s*$/;
/** Tags that some write with attributes, `<think duration="3">`, also where their end has not come; not `<thought experiment>`. */
const TAG_WITH_ATTRIBUTES =
  /^(<(?:think|thinking|thought|reasoning))(?:\s[^<>]*($)|(?:\s+[\w:-]+=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))+\s*(>))/i;
/** What opens or closes a block of code. */
const FENCE = /^[ \t]*(?:```|~~~)/gm;
/** What opens or closes code within a line, rather than being a part of a word, as in צ`ק. */
const BACKTICKS = /(?<![\p{L}`])`+|`+(?![\p{L}`])/gu;
const LONGEST_TAG = Math.max(...TAGS.map(([opening]) => opening.length));
const OPENINGS = [...TAGS.map(([opening]) => opening), ...ANSWER_MARKS];
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
  let answer = '';

  /** Returns the beginning of the answer: '' while it is not clear that it has begun. */
  const takeText = (): string => {
    if (hasThought) held = held.trimStart();
    const [, tag, partial, end] = TAG_WITH_ATTRIBUTES.exec(held.trimStart().slice(0, MAX_INDENT)) ?? [];
    if (partial === '' && held.length <= MAX_INDENT) return '';
    if (tag && end) held = tag + held.slice(held.indexOf('>'));
    const mark = ANSWER_MARKS.find((mark) => held.trimStart().startsWith(mark));
    if (mark) {
      held = held.trimStart().slice(mark.length);
      return '';
    }
    const beginning = held.trimStart().slice(0, LONGEST_TAG).toLowerCase();
    const tags = TAGS.find(([opening]) => beginning.startsWith(opening));
    if (tags) {
      held = held.trimStart().slice(tags[0].length);
      closingTag = tags[1];
      hasThought = true;
      return '';
    }
    answering = !OPENINGS.some((opening) => opening.startsWith(beginning)) || held.length > MAX_INDENT;
    return answering ? takeAnswer() : '';
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
  const takeAnswer = (): string => {
    const { index = held.length } = MAYBE_END_MARK.exec(held.slice(-MAX_INDENT)) ?? {};
    const taken = takeHeld(Math.max(0, held.length - MAX_INDENT) + index);
    answer += taken;
    return taken;
  };
  const takeHeld = (end = held.length): string => {
    const taken = held.slice(0, end);
    held = held.slice(end);
    return taken;
  };

  return {
    push({ text, thought }) {
      hasThought ||= thought.trim() !== '';
      held += text;
      if (answering) return { text: takeAnswer(), thought };
      const taken = { text: '', thought };
      for (let before = ''; !answering && held !== before; ) {
        before = held;
        if (closingTag) taken.thought += takeThought(closingTag);
        else taken.text += takeText();
      }
      return taken;
    },
    flush() {
      if (closingTag) return { text: '', thought: takeHeld() };
      const rest = takeHeld();
      return { text: endsInCode(answer + rest.replace(END_MARK, '')) ? rest : rest.replace(END_MARK, ''), thought: '' };
    },
  };
}

/** Whether a text ends within code, where marks are what is written about. */
function endsInCode(text: string): boolean {
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  return isOdd(text.match(FENCE)) || isOdd(lastLine.match(BACKTICKS));
}

const isOdd = (found: readonly string[] | null): boolean => (found?.length ?? 0) % 2 === 1;

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
