import { type Fields, fieldsOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import { parseEmbedded } from '#domain/conversations/import/source/embedded-json.ts';
import type { RowFormat } from './row-format.ts';

/** Chats of AnythingLLM, as its workspaces export them (CSV and JSON): a row is a prompt with its response. */
export const anythingLlm: RowFormat = {
  format: 'ANYTHING_LLM',
  matches: (row) =>
    typeof row.prompt === 'string' &&
    typeof row.response === 'string' &&
    ('sent_at' in row || 'workspace' in row || 'username' in row),
  conversationOf: ({ workspace, username }) =>
    textOf(
      [workspace, username]
        .map(textOf)
        .filter((name) => name !== null)
        .join(' / '),
    ),
  timeOf: ({ sent_at }) => sent_at,
  translate: (rows) => rows.flatMap(toMessages),
};

/** The database holds a response as JSON, with the sources beside its text. */
function toMessages(row: Fields): Fields[] {
  const stored = parseEmbedded(row.response);
  const answer = isFields(stored) && typeof stored.text === 'string' ? stored.text : row.response;
  return [
    { role: 'user', content: row.prompt, attachments: fieldsOf(row.attachments), created_at: row.sent_at },
    { role: 'assistant', content: answer, created_at: row.sent_at },
  ];
}
