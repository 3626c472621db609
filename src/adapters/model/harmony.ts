import { type AnswerPiece, endsInCode, type ThoughtSplitter } from './thoughts.ts';

// Harmony, the format of gpt-oss, whose marks endpoints may leave in: https://cookbook.openai.com/articles/openai-harmony
const NAME = '[^<]{0,100}';
const END = String.raw`<\|(?:end|return|call)\|>`;
const CHANNEL = String.raw`<\|channel\|>\s*(?:analysis|commentary|final)\b${NAME}`;
/** What precedes the text of a message: who writes it, and in which channel. */
const HEADER = String.raw`(?:<\|start\|>${NAME}(?:${CHANNEL})?|${CHANNEL})(?:<\|constrain\|>${NAME})?<\|message\|>`;
const FIRST_HEADER = new RegExp(String.raw`^\s*(?:${END}\s*)?(${HEADER})`);
const ANY_HEADER = new RegExp(HEADER, 'g');
const NEXT_HEADER = new RegExp(String.raw`${END}\s*(${HEADER})`, 'g');
const ANY_MARK = /<\|(?:start|channel|constrain|message|end|return|call)\|>/g;
/** The end of a text that may become a header, if there is one. */
const UNFINISHED = new RegExp(
  String.raw`(?:<\|(?:start|channel|constrain|end|return|call)\|>${NAME}){0,4}(?:<(?:\|(?:[a-z]{0,9}\|?)?)?)?$`,
);
/** An unfinished header at the end of a response. */
const CUT_HEADER = new RegExp(
  String.raw`(?:${END}\s*)?<\|(?:start|channel)\|>${NAME}(?:<\|[a-z]{0,9}\|?>?${NAME})*$|<\|[a-z]{0,9}\|?$`,
);
/** The maximum length of an unfinished header in UTF-16 units. */
const MAX_UNFINISHED = 500;

/** Whether the text after a header is the answer: only the final channel is, or a message without a channel. */
const isFinal = (header: string): boolean => !header.includes('<|channel|>') || /<\|channel\|>\s*final\b/.test(header);

/** Returns where the end of a text that may become a header begins. */
function findUnfinished(text: string): number {
  const from = Math.max(0, text.length - MAX_UNFINISHED);
  return from + (UNFINISHED.exec(text.slice(from))?.index ?? text.length - from);
}

/**
 * Separates the channels of a response in Harmony, in pieces that are split anywhere, and removes their marks, also from reasoning in a
 * field of its own. A response that does not begin with a header is left as it is.
 */
export class HarmonyChannels implements ThoughtSplitter {
  #state: 'beginning' | 'reasoning' | 'answer' | 'other' = 'beginning';
  #held = '';
  #heldThought = '';
  #answer = '';

  push({ text, thought }: AnswerPiece): AnswerPiece {
    this.#held += text;
    const taken = { text: '', thought: this.#takeThought(thought) };
    if (this.#state === 'beginning') this.#begin();
    for (let before = null; before !== this.#state; ) {
      before = this.#state;
      if (this.#state === 'reasoning') taken.thought += this.#takeReasoning();
      else if (this.#state === 'answer') taken.text += this.#takeAnswer();
    }
    if (this.#state === 'other') taken.text += this.#takeHeld();
    return taken;
  }

  flush(): AnswerPiece {
    const thought = this.#heldThought.replace(CUT_HEADER, '').replace(ANY_MARK, '');
    const rest = this.#takeHeld();
    const isOfHarmony = this.#state === 'reasoning' || this.#state === 'answer';
    const kept = isOfHarmony && !endsInCode(this.#answer + rest) ? rest.replace(CUT_HEADER, '') : rest;
    this.#heldThought = '';
    return this.#state === 'reasoning'
      ? { text: '', thought: thought + kept.replace(ANY_MARK, '') }
      : { text: kept, thought };
  }

  #begin(): void {
    const [found, header] = FIRST_HEADER.exec(this.#held) ?? [];
    if (found && header) this.#open(header, found.length);
    else if (this.#held.length > MAX_UNFINISHED || findUnfinished(this.#held.trimStart()) > 0) this.#state = 'other';
  }

  #open(header: string, end: number): void {
    this.#held = this.#held.slice(end);
    this.#state = isFinal(header) ? 'answer' : 'reasoning';
    if (this.#state === 'reasoning') this.#heldThought += '\n\n';
  }

  #takeReasoning(): string {
    const header = Array.from(this.#held.matchAll(ANY_HEADER)).find(([found]) => isFinal(found));
    if (!header) return this.#takeThought(this.#takeHeld(findUnfinished(this.#held)));
    const reasoning = this.#takeHeld(header.index);
    this.#open(header[0], header[0].length);
    return this.#takeThought(reasoning);
  }

  /** Returns the answer up to another message, unless the marks before that are quoted. */
  #takeAnswer(): string {
    const next = Array.from(this.#held.matchAll(NEXT_HEADER)).find(
      ({ index }) => !endsInCode(this.#answer + this.#held.slice(0, index)),
    );
    const taken = this.#takeHeld(next?.index ?? findUnfinished(this.#held));
    this.#answer += taken;
    if (next) this.#open(next[1] as string, next[0].length);
    return taken;
  }

  #takeThought(thought: string): string {
    this.#heldThought += thought;
    const end = findUnfinished(this.#heldThought);
    const taken = this.#heldThought.slice(0, end);
    this.#heldThought = this.#heldThought.slice(end);
    return taken.replace(ANY_HEADER, '\n\n').replace(ANY_MARK, '');
  }

  #takeHeld(end = this.#held.length): string {
    const taken = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    return taken;
  }
}
