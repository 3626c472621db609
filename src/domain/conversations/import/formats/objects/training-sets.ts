import { fieldsOf, mapFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { ObjectFormat } from './object-format.ts';

// Conversations of training sets have no ids here: where they have any, these number the lines of one set.

/** An instruction, what it applies to, and the answer: Alpaca, Dolly (`context`, `response`). */
export const alpaca: ObjectFormat = {
  format: 'TRAINING_SET',
  matches: ({ instruction, output, response }) => isText(instruction) && (isText(output) || isText(response)),
  translate: (source) => ({
    systemPrompt: source.system,
    messages: [
      ...readHistory(source.history),
      { role: 'user', content: joinTexts([source.instruction, source.input ?? source.context]) },
      { role: 'assistant', content: source.output ?? source.response },
    ],
  }),
};

/** A query, its response, and the pairs before it: ms-swift. */
export const swift: ObjectFormat = {
  format: 'TRAINING_SET',
  matches: ({ query, response }) => isText(query) && isText(response),
  translate: ({ system, history, query, response }) => ({
    systemPrompt: system,
    messages: [...readHistory(history), { role: 'user', content: query }, { role: 'assistant', content: response }],
  }),
};

/** Turns of an input and an output: XTuner. */
export const xtuner: ObjectFormat = {
  format: 'TRAINING_SET',
  matches: ({ conversation }) => fieldsOf(conversation).some(({ input, output }) => isText(input) && isText(output)),
  translate: ({ conversation }) => {
    const [first] = fieldsOf(conversation);
    const messages = mapFields(conversation, ({ input, output }) => [
      ...(textOf(input) === null ? [] : [{ role: 'user', content: input }]),
      { role: 'assistant', content: output },
    ]);
    return { systemPrompt: first?.system, messages: messages.flat() };
  },
};

/** Texts of the user and of the model in turn: UltraChat. */
export const ultraChat: ObjectFormat = {
  format: 'TRAINING_SET',
  matches: ({ data }) => Array.isArray(data) && data.length >= 2 && data.every(isText),
  translate: ({ data }) => ({
    messages: (data as string[]).map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
  }),
};

/** A prompt and its completion, each of which is a conversation: OpenAI's older fine-tuning. */
export const promptCompletion: ObjectFormat = {
  format: 'TRAINING_SET',
  matches: ({ prompt, completion }) => isText(prompt) && isText(completion),
  translate: ({ prompt, completion }) => ({
    messages: [
      { role: 'user', content: prompt },
      { role: 'assistant', content: completion },
    ],
  }),
};

const isText = (value: unknown): value is string => typeof value === 'string';

const joinTexts = (texts: readonly unknown[]): string =>
  texts
    .map(textOf)
    .filter((text) => text !== null)
    .join('\n\n');

/** Earlier turns are pairs of texts, or messages with roles. */
function readHistory(history: unknown): unknown[] {
  if (!Array.isArray(history)) return [];
  return history.flatMap((turn) =>
    Array.isArray(turn)
      ? turn.map((content, index) => ({ role: index === 0 ? 'user' : 'assistant', content }))
      : [turn],
  );
}
