import { EndpointFailed } from './endpoint-failures.ts';
import type { ThoughtSplitter } from './thoughts.ts';

/** What the last response has shown about an endpoint's template. */
export type ThoughtTemplate = {
  /** Whether reasoning is opened in the prompt, so that only its end is in the response. */
  opensThought: boolean;
};

const END = '</think>';
/** The end tag on a line of its own, or after a sentence; elsewhere it is quoted. */
const UNQUOTED_END = /(?:^|[.!?…。])\s*<\/think>/i;
const OPENING = /<think(?:ing)?>/i;
const FENCE = /^\s*```/;
/** How many UTF-16 units of a line are kept to look for the end tag. */
const MAX_LINE = 200;

/**
 * Separates reasoning that has only an end tag from the answer after it. If that is not known yet of an endpoint, the reasoning has
 * already been yielded as the answer: throws EndpointFailed, and the next request holds back everything up to the end tag, or up to the
 * end of a response without one.
 */
export function splitUnopenedThought(template: ThoughtTemplate): ThoughtSplitter {
  const findEnd = createEndFinder();
  const { opensThought } = template;
  let held: string[] = [];
  let hasAnswered = false;
  let isThoughtOver = false;
  const takeHeld = () => {
    const text = held.join('');
    held = [];
    return text;
  };
  const takeAnswer = (text: string): string => {
    const answer = hasAnswered ? text : text.trimStart();
    hasAnswered ||= answer !== '';
    return answer;
  };

  return {
    push({ text, thought }) {
      if (isThoughtOver) return { text: takeAnswer(text), thought };
      const end = findEnd(text);
      if (end === -1) {
        held.push(text);
        if (opensThought || (!hasAnswered && text.trim() === '')) return { text: '', thought };
        hasAnswered = true;
        return { text: takeHeld(), thought };
      }
      template.opensThought = isThoughtOver = true;
      if (hasAnswered) throw new EndpointFailed('unopened thought');
      held.push(text.slice(0, end));
      return { text: takeAnswer(text.slice(end)), thought: thought + takeHeld().slice(0, -END.length) };
    },
    flush() {
      template.opensThought = isThoughtOver;
      return { text: takeHeld(), thought: '' };
    },
  };
}

/** Creates a function that takes the next piece, and returns the position after an end tag in it; -1 if there is none. */
function createEndFinder(): (piece: string) => number {
  let line = '';
  let isCode = false;
  let isQuoted = false;
  return (piece) => {
    let length = 0;
    for (const part of piece.split(/(?<=\n)/)) {
      const before = line.length;
      line += part;
      isQuoted ||= OPENING.test(line);
      const match = isCode || isQuoted ? null : UNQUOTED_END.exec(line);
      if (match) return length + match.index + match[0].length - before;
      length += part.length;
      if (line.endsWith('\n')) {
        if (FENCE.test(line)) isCode = !isCode;
        line = '';
      }
      line = line.slice(-MAX_LINE);
    }
    return -1;
  };
}
