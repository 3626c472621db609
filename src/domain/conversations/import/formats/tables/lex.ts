import { type Fields, fieldsOf, idOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import { parseEmbedded } from '#domain/conversations/import/source/embedded-json.ts';
import { readHtml } from '#domain/conversations/import/source/html-text.ts';
import type { RowFormat } from './row-format.ts';

/**
 * Conversation logs of Amazon Lex, V1 and V2, also as events or rows of CloudWatch whose `message` is the log entry as JSON, and the
 * utterances that its analytics list. An entry is an utterance of the user with the responses of the bot.
 */
export const lex: RowFormat = {
  format: 'AMAZON_LEX',
  matches: (row) => {
    const entry = entryOf(row);
    return (
      ('inputTranscript' in entry && ('botName' in entry || 'bot' in entry || 'sessionId' in entry)) ||
      (typeof entry.utterance === 'string' && Array.isArray(entry.botResponses))
    );
  },
  conversationOf: (row) => {
    const { sessionId, userId } = entryOf(row);
    return idOf(sessionId) ?? idOf(userId);
  },
  timeOf: (row) => timeOf(entryOf(row)) ?? row.timestamp ?? row['@timestamp'],
  translate: (rows) => rows.flatMap(toMessages),
};

const entryOf = (row: Fields): Fields => {
  const message = parseEmbedded(row.message ?? row['@message']);
  return isFields(message) ? message : row;
};

const timeOf = ({ timestamp, utteranceTimestamp }: Fields): unknown => timestamp ?? utteranceTimestamp;

function toMessages(row: Fields): Fields[] {
  const entry = entryOf(row);
  const created_at = timeOf(entry) ?? row.timestamp ?? row['@timestamp'];
  const asked = textOf(entry.inputTranscript) ?? textOf(entry.utterance);
  const responses = [entry.messages, entry.botResponses].flatMap(fieldsOf);
  const answers = textOf(entry.botResponse) === null ? responses : [{ content: entry.botResponse }];
  return [
    ...(asked === null ? [] : [{ role: 'user', content: asked, created_at }]),
    ...answers.map((answer) => ({ role: 'assistant', content: textOfAnswer(answer), created_at })),
  ];
}

/** Speech markup (SSML) is text in tags; of a card with buttons the title and subtitle are read. */
function textOfAnswer({ content, contentType, imageResponseCard }: Fields): string | null {
  const text = textOf(content);
  if (text !== null) return contentType === 'SSML' || text.startsWith('<speak>') ? readHtml(text) : text;
  const { title, subtitle } = isFields(imageResponseCard) ? imageResponseCard : {};
  return textOf([title, subtitle].map(textOf).filter(Boolean).join('\n'));
}
