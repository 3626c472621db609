import { type Fields, isFields, listOf } from './fields.ts';
import { type JsonSource, SECONDS } from './source.ts';

/** A list of turns in the log of a call: how its items are recognized and read. */
type CallLog = { list: string; isOf: (item: Fields) => boolean; read: (item: Fields) => Fields | null };

const isNumber = (value: unknown): value is number => typeof value === 'number';

const LOGS: readonly CallLog[] = [
  {
    list: 'messages', // Vapi, which has instructions and calls of tools among them
    isOf: ({ secondsFromStart, message }) => isNumber(secondsFromStart) && typeof message === 'string',
    read: ({ secondsFromStart: start, duration, message, role }) =>
      /^(?:system|tool)/.test(String(role))
        ? null
        : { start, end: isNumber(duration) ? Number(start) + duration / 1000 : null, text: message, speaker: role },
  },
  {
    list: 'messages', // Symbl
    isOf: ({ timeOffset, text }) => isNumber(timeOffset) && typeof text === 'string',
    read: ({ timeOffset: start, duration, text, from }) => ({ start, duration, text, speaker: from }),
  },
  {
    list: 'transcript', // ElevenLabs, which has turns in which tools were called alone
    isOf: ({ time_in_call_secs }) => isNumber(time_in_call_secs),
    read: ({ time_in_call_secs: start, message, role }) => ({ start, text: message ?? '', speaker: role }),
  },
  {
    list: 'transcript_object', // Retell
    isOf: ({ role, content, words }) => typeof role === 'string' && typeof content === 'string' && Array.isArray(words),
    read: ({ role, content, words }) => ({ text: content, words, speaker: role }),
  },
  {
    list: 'transcripts', // Bland
    isOf: ({ user, text, created_at }) =>
      typeof user === 'string' && typeof text === 'string' && created_at !== undefined,
    read: ({ user, text, created_at }) => ({ start_timestamp: created_at, text, speaker: user }),
  },
  {
    list: 'Transcript', // Amazon's analytics of calls
    isOf: ({ Content, BeginOffsetMillis }) => typeof Content === 'string' && isNumber(BeginOffsetMillis),
    read: ({ Content, BeginOffsetMillis, EndOffsetMillis, ParticipantRole, ParticipantId, Items }) => ({
      start_ms: BeginOffsetMillis,
      end_ms: EndOffsetMillis,
      text: Content,
      speaker: ParticipantRole ?? ParticipantId,
      words: listOf(Items).map((word) => ({
        text: word.Content,
        start_ms: word.BeginOffsetMillis,
        end_ms: word.EndOffsetMillis,
        type: word.Type,
      })),
    }),
  },
  {
    list: 'utterances', // Chorus
    isOf: ({ snippet, snippet_time }) => typeof snippet === 'string' && isNumber(snippet_time),
    read: ({ snippet, snippet_time: start, speaker_name }) => ({ start, text: snippet, speaker: speaker_name }),
  },
  {
    list: 'timeline', // Zoom
    isOf: ({ ts, text }) => typeof ts === 'string' && typeof text === 'string',
    read: ({ ts: start, end_ts: end, text, users }) => ({ start, end, text, speaker: listOf(users)[0]?.username }),
  },
];

/** Finds the turns in the log of a call; null for other documents. Items without speech are skipped. */
export function findCall(document: Fields): JsonSource | null {
  for (const { list, isOf, read } of LOGS) {
    const items = listOf(document[list]);
    if (items.some(isOf))
      return { ...SECONDS, path: list, items: items.map((item) => (isOf(item) ? read(item) : null)) };
  }
  return readGong(document.callTranscripts);
}

/** Reads Gong's list of turns, with sentences whose times are milliseconds. */
function readGong(calls: unknown): JsonSource | null {
  const [call, ...others] = listOf(calls);
  const turns = others.length === 0 ? listOf(call?.transcript) : [];
  const items = turns.flatMap(({ speakerId, sentences }) =>
    listOf(sentences).map(({ start, end, text }) => ({ start_ms: start, end_ms: end, text, speaker: speakerId })),
  );
  return items.length === 0 ? null : { ...SECONDS, path: 'callTranscripts[0].transcript', items };
}

/** Google's batches have results under the address of their recording: { "gs://…": { "transcript": { "results": […] } } }. */
export function resultsOfBatch(results: unknown): unknown {
  const [only, ...others] = isFields(results) ? Object.values(results) : [];
  const transcript = isFields(only) ? (only.transcript ?? only.inlineResult) : null;
  const inner = isFields(transcript) ? (isFields(transcript.transcript) ? transcript.transcript : transcript) : {};
  return others.length === 0 && Array.isArray(inner.results) ? inner.results : null;
}
