import { type Fields, fieldsOf, isFields } from './source/conversation.ts';

export const OF_PEOPLE = 'nothing in it says who of them is the assistant. Write it as messages with roles';

type Matches = (item: Fields) => boolean;

/** Chats between people, recognized by their messages. */
const CHATS: readonly [string, Matches][] = [
  [
    'Telegram',
    ({ from_id, actor_id, text }) => (from_id !== undefined || actor_id !== undefined) && text !== undefined,
  ],
  ['Discord', ({ author }) => isFields(author) && ('isBot' in author || 'discriminator' in author)],
  [
    'Messenger or Instagram',
    ({ sender_name, timestamp_ms }) => sender_name !== undefined && timestamp_ms !== undefined,
  ],
  ['Google Chat', ({ creator }) => isFields(creator) && ('email' in creator || 'user_type' in creator)],
  ['Twilio', ({ conversation_sid, author, body }) => conversation_sid !== undefined && (author ?? body) !== undefined],
  ['Slack', ({ ts, user, bot_id }) => typeof ts === 'string' && (user !== undefined || bot_id !== undefined)],
  [
    'Teams or Skype',
    ({ originalarrivaltime, messagetype }) => originalarrivaltime !== undefined || messagetype !== undefined,
  ],
];

/** Exports that lack the messages of their conversations, and what to export instead. */
const INCOMPLETE: readonly [string, Matches][] = [
  [
    'This is a conversation of Intercom without its parts: export each one as GET /conversations/{id} returns it, with conversation_parts.',
    ({ source, type, conversation_parts }) =>
      type === 'conversation' && isFields(source) && conversation_parts === undefined,
  ],
  [
    'This is a ticket of Zendesk without its comments: export tickets with their comments, as the JSON export or GET /tickets/{id}/comments has them.',
    (item) => 'requester_id' in item && 'subject' in item && !('comments' in item),
  ],
  [
    'This is a transcript of Voiceflow without its turns: export each one as GET /transcripts/{projectID}/{transcriptID} returns it.',
    (item) => 'projectID' in item && 'sessionID' in item && !('logs' in item),
  ],
  [
    'This is a conversation of Dialogflow without its turns: export each one as conversations.get returns it, with interactions.',
    ({ name, interactions }) =>
      typeof name === 'string' && /\/agents\/[^/]+\/conversations\//.test(name) && interactions === undefined,
  ],
  [
    'These are log entries of Dialogflow ES, which are text: export what detectIntent returned, as JSON with queryResult.',
    ({ textPayload }) =>
      typeof textPayload === 'string' && /^Dialogflow (?:Request|Response|fulfillment)/i.test(textPayload),
  ],
  [
    'This is a conversation of Botpress without its messages: export what its API lists as messages, with conversationId and payload.',
    (item) => 'integration' in item && 'channel' in item && 'tags' in item && !('payload' in item),
  ],
  [
    'These are counts of utterances of Amazon Lex: export its conversation logs from CloudWatch, with inputTranscript and messages.',
    (item) => ('utteranceString' in item && 'distinctUsers' in item) || ('utterance' in item && 'missedCount' in item),
  ],
  [
    'This is an audit log of Microsoft Purview, which has no texts: export the interactions from Microsoft Graph (getAllEnterpriseInteractions).',
    ({ Operation }) => Operation === 'CopilotInteraction',
  ],
];

/** Returns a sentence that names a chat between people, or an export without messages, as most of its first items tell; null for others. */
export function nameConversation(source: unknown): string | null {
  const lists = isFields(source) ? [[source], ...Object.values(source).filter(Array.isArray)] : [source];
  for (const list of lists) {
    const name = Array.isArray(list) ? nameItems(fieldsOf(list.slice(0, 20))) : null;
    if (name) return name;
  }
  return null;
}

function nameItems(items: readonly Fields[]): string | null {
  const isMost = ([, matches]: readonly [string, Matches]): boolean => items.filter(matches).length > items.length / 2;
  const chat = CHATS.find(isMost);
  return chat ? `This is a chat of ${chat[0]} between people: ${OF_PEOPLE}.` : (INCOMPLETE.find(isMost)?.[0] ?? null);
}
