import { botFramework } from '#domain/conversations/import/formats/tables/bot-framework.ts';
import { type Fields, fieldsOf, isFields, textOf } from '#domain/conversations/import/source/conversation.ts';
import { parseEmbedded } from '#domain/conversations/import/source/embedded-json.ts';
import type { ObjectFormat } from './object-format.ts';

/** Transcripts of Copilot Studio as Dataverse stores them: `content` is JSON with the activities of a conversation. */
export const copilotStudio: ObjectFormat = {
  format: 'COPILOT_STUDIO',
  matches: (source) => activitiesOf(source).some(botFramework.matches),
  translate: (source) => ({
    id: source.conversationtranscriptid ?? source.ConversationTranscript ?? source.name ?? source.Name ?? source.id,
    created_at: source.conversationstarttime ?? source.ConversationStartTime ?? source.createdon,
    messages: botFramework.translate(activitiesOf(source)),
  }),
};

function activitiesOf({ content, Content, activities }: Fields): Fields[] {
  const stored = activities === undefined ? parseEmbedded(content ?? Content) : { activities };
  return isFields(stored) ? fieldsOf(stored.activities) : [];
}

/** Sessions that Copilot Studio exports as CSV: a transcript is one text, "User says: …;Bot says: …;". */
export const copilotStudioSession: ObjectFormat = {
  format: 'COPILOT_STUDIO',
  matches: ({ ChatTranscript: transcript }) => typeof transcript === 'string' && SPEAKER.test(transcript),
  translate: ({ SessionId, StartDateTime, TopicName, ChatTranscript }) => ({
    id: SessionId,
    title: textOf(TopicName),
    created_at: StartDateTime,
    messages: splitTranscript(ChatTranscript as string),
  }),
};

const SPEAKER = /(?:^|;)\s*(User|Bot) says:/;

function splitTranscript(transcript: string): Fields[] {
  const [, ...parts] = transcript.split(new RegExp(SPEAKER, 'g'));
  return parts.flatMap((speaker, index) => {
    if (index % 2 === 1) return [];
    const content = (parts[index + 1] ?? '').trim().replace(/;$/, '');
    return [{ role: speaker === 'User' ? 'user' : 'assistant', content }];
  });
}
