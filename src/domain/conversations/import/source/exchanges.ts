import { type Fields, fieldsOf, isFields, textOf } from './conversation.ts';
import { isOpenAiMessage } from './message-shapes.ts';
import { openReplies } from './replies.ts';

/** Fields of the request and of the response in logs of model APIs. */
const ASKED = ['request', 'input', 'inputs', 'body', 'prompt'];
const ANSWERED = ['response', 'output', 'outputs', 'completion', 'result'];

/** How deep objects are searched for an answer. */
const MAX_DEPTH = 4;

/**
 * Joins a request and its response, which logs of model APIs, of proxies and of tracing keep apart, into one conversation. Returns anything
 * else unchanged.
 */
export function joinExchange<Source>(source: Source): Source | Fields {
  if (!isFields(source)) return source;
  const replies = openReplies(source);
  if (replies) return replies;
  const answer = find(ANSWERED, source, answerIn) ?? choicesIn(source) ?? preferenceIn(source);
  if (!answer) return source;
  const asked = messagesOf(source) ?? find(ASKED, source, askedIn);
  if (!asked) return source;
  const { id, created_at, created, model } = source;
  return {
    id,
    created_at,
    created,
    model: model ?? modelIn(source),
    messages: holdsAll(asked, answer) ? answer : [...asked, ...answer],
  };
}

function find(names: readonly string[], source: Fields, read: (value: unknown) => unknown[] | null): unknown[] | null {
  for (const name of names) {
    const found = source[name] === undefined || source[name] === null ? null : read(source[name]);
    if (found) return found;
  }
  return null;
}

/** A list of messages, what has one, or a text: the `input` of OpenAI's responses can be that. */
function askedIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return isMessageList(value) ? value : null;
  if (isFields(value)) return messagesOf(value) ?? askedIn(value.body ?? value.input);
  return textOf(value) === null ? null : [{ role: 'user', content: value }];
}

const messagesOf = ({ messages, contents }: Fields): unknown[] | null =>
  [messages, contents].find((list): list is unknown[] => Array.isArray(list) && isMessageList(list)) ?? null;

/** Returns the messages of an answer, without the objects that its endpoint wraps it in. */
function answerIn(value: unknown, depth = MAX_DEPTH): unknown[] | null {
  if (depth === 0) return null;
  if (Array.isArray(value)) return isMessageList(value) ? value : null;
  if (!isFields(value)) return null;
  const choices = choicesIn(value);
  if (choices) return choices;
  const messages = messagesOf(value);
  if (messages) return messages;
  if (value.role !== undefined && isOpenAiMessage(value)) return [value];
  const inner = [value.output, value.message, value.body, value.response, value.data];
  for (const each of inner) {
    const found = answerIn(each, depth - 1);
    if (found) return found;
  }
  return null;
}

/** Returns several choices as alternative answers to one question. */
function choicesIn({ choices, candidates }: Fields): unknown[] | null {
  const all = [
    ...fieldsOf(choices).map(({ message }) => message),
    ...fieldsOf(candidates).map(({ content }) => content),
  ];
  const messages = fieldsOf(all).filter(isOpenAiMessage);
  if (messages.length < 2) return messages.length === 0 ? null : messages;
  return [{ responses: messages.map((message) => ({ messages: [message] })) }];
}

/** Returns the two answers of a preference of OpenAI's fine-tuning. */
function preferenceIn({ preferred_output: preferred, non_preferred_output: other }: Fields): unknown[] | null {
  const answers = [preferred, other].filter((list) => Array.isArray(list) && isMessageList(list));
  return answers.length < 2 ? null : [{ responses: answers.map((messages) => ({ messages })) }];
}

const isMessageList = (list: readonly unknown[]): boolean => fieldsOf(list).some(isOpenAiMessage);

/** Whether an answer repeats the request: tracing may log the whole conversation as the output. */
const holdsAll = (asked: readonly unknown[], answer: readonly unknown[]): boolean =>
  answer.length > asked.length && JSON.stringify(answer[0]) === JSON.stringify(asked[0]);

function modelIn(source: Fields): unknown {
  const about = [...ASKED, ...ANSWERED].map((name) => source[name]);
  return fieldsOf(about)
    .map(({ model }) => model)
    .find((model) => textOf(model) !== null);
}
