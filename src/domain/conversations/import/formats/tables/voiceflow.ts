import { type Fields, fieldsOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import type { RowFormat } from './row-format.ts';

/**
 * Turns of a transcript of Voiceflow: the dialog that its API returns (`turnID`, `payload`), or the `logs` of newer transcripts, whose
 * turns are in `data`. Requests are the user's; of traces, those of text and speech are answers, and the others tell of the flow.
 */
export const voiceflow: RowFormat = {
  format: 'VOICEFLOW',
  matches: (row) =>
    (typeof row.type === 'string' && 'turnID' in row && ('payload' in row || 'startTime' in row)) ||
    ((row.type === 'trace' || row.type === 'action') && isFields(row.data) && typeof row.data.type === 'string'),
  conversationOf: () => null,
  timeOf: ({ startTime, createdAt }) => startTime ?? createdAt,
  translate: (rows) => rows.map(toMessage),
};

function toMessage(row: Fields): Fields {
  const { type, payload } = isFields(row.data) ? row.data : row;
  const inner = isFields(payload) && isFields(payload.payload) ? payload.payload : payload;
  const created_at = row.startTime ?? row.createdAt;
  const isRequest = row.type === 'action' || type === 'request' || row.format === 'request';
  if (isRequest) {
    const content = requestedIn(payload);
    return { role: 'user', content, created_at, isMeta: content === null };
  }
  const content = ANSWERS.has(textOf(type) ?? '') && isFields(inner) ? answerIn(inner) : null;
  return { role: 'assistant', content, created_at, isMeta: content === null };
}

const ANSWERS = new Set(['text', 'speak', 'message', 'completion']);

/** A request is a text, an intent with the text that it was recognized in, or a button with its label. */
function requestedIn(payload: unknown): string | null {
  if (!isFields(payload)) return textOf(payload);
  const { query, label, message, text } = payload;
  const found = [query, label, message, text].map(textOf).find((value) => value !== null);
  return found ?? (payload.payload === undefined ? null : requestedIn(payload.payload));
}

function answerIn({ message, content, slate }: Fields): string | null {
  const text = textOf(message) ?? textOf(content);
  return text ?? (isFields(slate) ? textOf(fieldsOf(slate.content).map(textOfNode).join('\n')) : null);
}

/** Rich text (Slate) is a tree; a node holds a text, or children. */
function textOfNode({ text, children }: Fields): string {
  const inner = fieldsOf(children).map(
    (child) =>
      textOf(child.text) ??
      fieldsOf(child.children)
        .map(({ text: own }) => own ?? '')
        .join(''),
  );
  return textOf(text) ?? inner.join('');
}
