import { type Fields, fieldsOf, idOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { RowFormat } from './row-format.ts';

/**
 * Turns of Dialogflow: `interactions` of the conversation history of CX, rows of its export to BigQuery, and what detectIntent returned,
 * of ES and of CX. A turn is the text of the user with the responses of the agent.
 */
export const dialogflow: RowFormat = {
  format: 'DIALOGFLOW',
  matches: (row) => resultOf(row) !== null,
  conversationOf: (row) => {
    const { session } = isFields(row.request) ? row.request : row;
    return idOf(row.conversation_name) ?? idOf(session);
  },
  timeOf,
  translate: (rows) => rows.flatMap(toMessages),
};

function timeOf(row: Fields): unknown {
  return row.createTime ?? row.create_time ?? row.request_time ?? row.timestamp;
}

function resultOf(row: Fields): Fields | null {
  const response = isFields(row.response) ? row.response : row;
  const result = response.queryResult ?? response.query_result;
  return isFields(result) ? result : null;
}

function toMessages(row: Fields): Fields[] {
  const result = resultOf(row) ?? {};
  const created_at = timeOf(row);
  const asked = textOf(result.queryText) ?? textOf(result.text) ?? textOf(result.transcript) ?? askedIn(row.request);
  const answers = answersIn(result);
  return [
    ...(asked === null ? [] : [{ role: 'user', content: asked, created_at }]),
    ...answers.map((content) => ({ role: 'assistant', content, created_at })),
  ];
}

function askedIn(request: unknown): string | null {
  const input = isFields(request) ? (request.queryInput ?? request.query_input) : null;
  const { text } = isFields(input) ? input : {};
  return isFields(text) ? textOf(text.text) : textOf(text);
}

/** Several texts of one message are variants, of which the agent chose one; the API returns the chosen one. */
function answersIn(result: Fields): string[] {
  const messages = result.responseMessages ?? result.response_messages ?? result.fulfillmentMessages;
  const texts = fieldsOf(messages).flatMap(({ text }) => {
    const { text: variants } = isFields(text) ? text : {};
    const found = Array.isArray(variants) ? variants.map(textOf).find((variant) => variant !== null) : textOf(variants);
    return found ?? [];
  });
  const only = textOf(result.fulfillmentText);
  return texts.length > 0 || only === null ? texts : [only];
}
