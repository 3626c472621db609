import { readSoniox } from './applications.ts';
import { readAzure } from './azure.ts';
import { type Fields, isFields, listOf } from './fields.ts';
import { isGoogle, readGoogle } from './google.ts';
import { type JsonSource, SECONDS, toWords } from './source.ts';
import { readMonologue, readTokens } from './tokens.ts';

/**
 * Reads what a recogniser has sent while it listened, as programs write it down: messages, of which many are guesses that a later one
 * replaces; null where these are none. Only what is final is read.
 */
export function readLiveMessages(list: readonly unknown[]): JsonSource | null {
  const messages = listOf(list);
  for (const { isMessage, read } of SERVICES) {
    const own = messages.filter(isMessage);
    if (own.length > 0) return read(own);
  }
  return null;
}

type Service = { isMessage(message: Fields): boolean; read(messages: Fields[]): JsonSource | null };

const inside = (fields: Fields, name: string): Fields => (isFields(fields[name]) ? (fields[name] as Fields) : {});

/** If there are several channels, each is a speaker, unless words name their speakers. */
const deepgram: Service = {
  isMessage: ({ channel, is_final }) =>
    isFields(channel) && Array.isArray(channel.alternatives) && is_final !== undefined,
  read(messages) {
    const items = messages
      .filter(({ is_final }) => is_final === true)
      .map((message) => {
        const [best = {}] = listOf(inside(message, 'channel').alternatives);
        const [channel, channels] = Array.isArray(message.channel_index) ? message.channel_index : [];
        const speaker = channels > 1 ? channel : undefined;
        const words = listOf(best.words).map((word) => ({ speaker, ...word }));
        return { start: message.start, duration: message.duration, text: best.transcript, speaker, words };
      });
    return wordsOrItems(items);
  },
};

const google: Service = {
  isMessage: ({ results }) =>
    listOf(results).some(
      (result) => isGoogle(result) && (result.isFinal ?? result.is_final ?? result.stability) !== undefined,
    ),
  read(messages) {
    const results = messages.flatMap(({ results }) => listOf(results));
    return readGoogle(results.filter(({ isFinal, is_final }) => (isFinal ?? is_final) === true));
  },
};

/** Amazon's names begin with capitals here. */
const amazon: Service = {
  isMessage: (message) => Array.isArray(inside(transcriptEvent(message), 'Transcript').Results),
  read(messages) {
    const results = messages.flatMap((message) => listOf(inside(transcriptEvent(message), 'Transcript').Results));
    const tokens = results.filter(({ IsPartial }) => IsPartial !== true).flatMap(toTokens);
    return toWords(readTokens(tokens, new Map()));
  },
};

const transcriptEvent = (message: Fields): Fields =>
  isFields(message.TranscriptEvent) ? message.TranscriptEvent : message;

function toTokens({ Alternatives, ChannelId }: Fields): Fields[] {
  const [best = {}] = listOf(Alternatives);
  return listOf(best.Items).map(({ Type, StartTime, EndTime, Content, Confidence, Speaker }) => ({
    type: Type,
    start_time: StartTime,
    end_time: EndTime,
    alternatives: [{ content: Content, confidence: Confidence }],
    speaker_label: Speaker,
    channel: ChannelId,
  }));
}

/** A turn that has ended comes once more with punctuation. Times are milliseconds. */
const assemblyAi: Service = {
  isMessage: ({ type, message_type: old, words }) =>
    Array.isArray(words) && (type === 'Turn' || old === 'FinalTranscript' || old === 'PartialTranscript'),
  read(messages) {
    const turns = new Map<unknown, Fields>();
    for (const turn of messages) {
      if (turn.end_of_turn === true || turn.message_type === 'FinalTranscript')
        turns.set(turn.turn_order ?? turn, turn);
    }
    const words = [...turns.values()].flatMap((turn) => listOf(turn.words));
    const inSeconds = (time: unknown) => (typeof time === 'number' ? time / 1000 : null);
    return toWords(words.map((word) => ({ ...word, start: inSeconds(word.start), end: inSeconds(word.end) })));
  },
};

const speechmatics: Service = {
  isMessage: ({ message, results }) =>
    (message === 'AddTranscript' || message === 'AddPartialTranscript') && Array.isArray(results),
  read(messages) {
    const final = messages.filter(({ message }) => message === 'AddTranscript');
    return toWords(
      readTokens(
        final.flatMap(({ results }) => listOf(results)),
        new Map(),
      ),
    );
  },
};

const gladia: Service = {
  isMessage: ({ type, data }) => type === 'transcript' && isFields(data) && isFields(data.utterance),
  read(messages) {
    const data = messages.map((message) => inside(message, 'data')).filter(({ is_final }) => is_final === true);
    return { ...SECONDS, path: 'utterances', items: data.map(({ utterance }) => utterance) };
  },
};

const rev: Service = {
  isMessage: ({ type, elements }) => (type === 'final' || type === 'partial') && Array.isArray(elements),
  read: (messages) => toWords(messages.filter(({ type }) => type === 'final').flatMap(readMonologue)),
};

const soniox: Service = {
  isMessage: ({ tokens }) => listOf(tokens).some(({ is_final }) => is_final !== undefined),
  read: (messages) =>
    readSoniox(messages.flatMap(({ tokens }) => listOf(tokens)).filter((token) => token.is_final === true)),
};

/** Azure's names begin with capitals here; times are ticks of 100 ns. */
const azure: Service = {
  isMessage: ({ RecognitionStatus, Offset }) => RecognitionStatus !== undefined && typeof Offset === 'number',
  read(messages) {
    const phrases = messages.map(({ DisplayText, NBest, SpeakerId, ...message }) => {
      const [best = {}] = listOf(NBest);
      const words = listOf(best.Words).map((word) => ({ text: word.Word, ...ticksOf(word) }));
      return {
        text: DisplayText ?? best.Display,
        confidence: best.Confidence,
        speaker: SpeakerId,
        words,
        ...ticksOf(message),
      };
    });
    return readAzure({ phrases: phrases.filter(({ text }) => typeof text === 'string') });
  },
};

const ticksOf = ({ Offset, Duration }: Fields): Fields => ({ offsetInTicks: Offset, durationInTicks: Duration });

const SERVICES = [deepgram, google, amazon, assemblyAi, speechmatics, gladia, rev, soniox, azure];

/** Returns the words if all results have them, because they name speakers; otherwise the texts. */
function wordsOrItems(items: Fields[]): JsonSource {
  const said = items.filter(({ text }) => text !== '');
  if (said.some(({ words }) => listOf(words).length === 0)) return { ...SECONDS, path: 'messages', items: said };
  const words = said.flatMap((item) => listOf(item.words));
  return toWords(words.sort((one, other) => Number(one.start) - Number(other.start) || 0));
}
