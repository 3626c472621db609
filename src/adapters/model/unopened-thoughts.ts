import { EndpointFailed } from './endpoint-failures.ts';
import type { ThoughtSplitter } from './thoughts.ts';

/** What is known of an endpoint's template from its last response. */
export type ThoughtTemplate = {
  /** Whether the thought is opened in the prompt, so that only its end is in the response. */
  opensThought: boolean;
};

const END = '</think>';
/** The end on a line of its own, or behind a sentence; elsewhere it is quoted. */
const UNQUOTED_END = /(?:^|[.!?…。])\s*<\/think>/i;
const OPENING = /<think(?:ing)?>/i;
const FENCE = /^\s*```/;
/** UTF-16 units of a line that are kept to look for the end in. */
const MAX_LINE = 200;

/**
 * Tells a thought that has only an end from the answer behind it. Of an endpoint of which that is not known yet, the thought has been
 * given for the answer by then: throws EndpointFailed, and the next request holds back what may be a thought up to its end,
 * or to that of a response without one.
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

/** Creates a function that takes the next piece, and returns where the end of a thought ends in it; -1 where it is not in it. */
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
