/** A piece of an answer, and of the reasoning before it. */
export type AnswerPiece = { text: string; thought: string };

/** The tags around reasoning, if the endpoint does not separate it. */
const TAGS: readonly (readonly [opening: string, closing: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[think]', '[/think]'],
  ['◁think▷', '◁/think▷'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
];
/** Marks before an answer and after it, if a template's own marks are left in (ChatML, Llama, Harmony). */
const ANSWER_MARKS = ['<|start|>assistant'];
const END_MARK = /<\|(?:return|end|call|im_end|eot_id|eom_id|end_of_text|endoftext)\|>\s*$/;
/** A text that may become an END_MARK. */
const MAYBE_END_MARK = /<(?:\|(?:[a-z_]{0,11}(?:\|>?)?)?)?\s*$/;
/**
 * Tags that some models write with attributes, `<think duration="3">`, even if their end has not arrived yet; not `<thought experiment>`.
 */
const TAG_WITH_ATTRIBUTES =
  /^(<(?:think|thinking|thought|reasoning))(?:\s[^<>]*($)|(?:\s+[\w:-]+=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))+\s*(>))/i;
/** The beginning or end of a code block. */
const FENCE = /^[ \t]*(?:```|~~~)/gm;
/** The beginning or end of code within a line, unless it is part of a word, as in צ`ק. */
const BACKTICKS = /(?<![\p{L}`])`+|`+(?![\p{L}`])/gu;
const LONGEST_TAG = Math.max(...TAGS.map(([opening]) => opening.length));
const OPENINGS = [...TAGS.map(([opening]) => opening), ...ANSWER_MARKS];
/** The maximum length of white space before the first tag in UTF-16 units. */
const MAX_INDENT = 100;

/** Takes the pieces of a response, and returns what can already be classified. */
export type ThoughtSplitter = { push(piece: AnswerPiece): AnswerPiece; flush(): AnswerPiece };

/** Returns a splitter that passes what each one returns on to the next. */
export const chainSplitters = (splitters: readonly ThoughtSplitter[]): ThoughtSplitter => ({
  push: (piece) => splitters.reduce((taken, splitter) => splitter.push(taken), piece),
  flush: () =>
    splitters.reduce(
      (taken, splitter) => {
        const [passed, last] = [splitter.push(taken), splitter.flush()];
        return { text: passed.text + last.text, thought: passed.thought + last.thought };
      },
      { text: '', thought: '' },
    ),
});

/**
 * Separates a model's reasoning from its answer, in pieces that are split anywhere. Only tags before the answer's first word count: later
 * ones are quoted. If reasoning is never closed, there is no answer.
 */
export class TaggedThoughts implements ThoughtSplitter {
  #held = '';
  #closingTag: string | null = null;
  #hasThought = false;
  #isAnswering = false;
  #answer = '';

  push({ text, thought }: AnswerPiece): AnswerPiece {
    this.#hasThought ||= thought.trim() !== '';
    this.#held += text;
    if (this.#isAnswering) return { text: this.#takeAnswer(), thought };
    const taken = { text: '', thought };
    for (let before = ''; !this.#isAnswering && this.#held !== before; ) {
      before = this.#held;
      if (this.#closingTag) taken.thought += this.#takeThought(this.#closingTag);
      else taken.text += this.#takeText();
    }
    return taken;
  }

  flush(): AnswerPiece {
    const rest = this.#takeHeld();
    if (this.#closingTag) return { text: '', thought: rest };
    const withoutMark = rest.replace(END_MARK, '');
    return { text: endsInCode(this.#answer + withoutMark) ? rest : withoutMark, thought: '' };
  }

  /** Returns the beginning of the answer: '' while it is not clear whether it has begun. */
  #takeText(): string {
    if (this.#hasThought) this.#held = this.#held.trimStart();
    const [, tag, partial, end] = TAG_WITH_ATTRIBUTES.exec(this.#held.trimStart().slice(0, MAX_INDENT)) ?? [];
    if (partial === '' && this.#held.length <= MAX_INDENT) return '';
    if (tag && end) this.#held = tag + this.#held.slice(this.#held.indexOf('>'));
    const mark = ANSWER_MARKS.find((mark) => this.#held.trimStart().startsWith(mark));
    if (mark) {
      this.#held = this.#held.trimStart().slice(mark.length);
      return '';
    }
    const beginning = this.#held.trimStart().slice(0, LONGEST_TAG).toLowerCase();
    const tags = TAGS.find(([opening]) => beginning.startsWith(opening));
    if (tags) {
      this.#held = this.#held.trimStart().slice(tags[0].length);
      this.#closingTag = tags[1];
      this.#hasThought = true;
      return '';
    }
    this.#isAnswering = !OPENINGS.some((opening) => opening.startsWith(beginning)) || this.#held.length > MAX_INDENT;
    return this.#isAnswering ? this.#takeAnswer() : '';
  }

  /** Returns the reasoning up to the closing tag, or up to what may become one. */
  #takeThought(closing: string): string {
    const end = this.#held.search(new RegExp(closing.replace(/[|[\]]/g, '\\$&'), 'i'));
    if (end === -1) return this.#takeHeld(findPrefixAtEnd(this.#held, closing));
    const thought = this.#takeHeld(end);
    this.#held = this.#held.slice(closing.length);
    this.#closingTag = null;
    return thought;
  }

  #takeAnswer(): string {
    const { index = this.#held.length } = MAYBE_END_MARK.exec(this.#held.slice(-MAX_INDENT)) ?? {};
    const taken = this.#takeHeld(Math.max(0, this.#held.length - MAX_INDENT) + index);
    this.#answer += taken;
    return taken;
  }

  #takeHeld(end = this.#held.length): string {
    const taken = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    return taken;
  }
}

/** Whether a text ends within code, where marks are quoted. */
export function endsInCode(text: string): boolean {
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  return isOdd(text.match(FENCE)) || isOdd(lastLine.match(BACKTICKS));
}

const isOdd = (found: readonly string[] | null): boolean => (found?.length ?? 0) % 2 === 1;

/** The position from which the end of a text may be the beginning of a tag. */
function findPrefixAtEnd(text: string, tag: string): number {
  let from = Math.max(0, text.length - tag.length);
  while (!tag.startsWith(text.slice(from).toLowerCase())) from += 1;
  return from;
}

/** How many UTF-16 units of the reasoning are kept: it may be longer than the answer. */
const MAX_REASONING = 50_000;

/** Collects the reasoning, up to a limit; null if there is none. */
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
