import { openAsBlob } from 'node:fs';
import type { Logger } from '#adapters/log.ts';
import { withRetries } from '#adapters/model/endpoint.ts';
import { EndpointFailed, type EndpointFailure } from '#adapters/model/endpoint-failures.ts';
import { parseJson } from '#adapters/model/parse-json.ts';
import { postForm } from '#adapters/model/post.ts';
import type { Endpoint } from '#config/models.ts';
import { readResponse } from './response.ts';
import { type Heard, type Transcriber, TranscriberFailed } from './transcriber.ts';

/** The forms of a request, from the most detailed to the one that every endpoint accepts. */
const FORMS: readonly (readonly [name: string, value: string][])[] = [
  [
    ['response_format', 'verbose_json'],
    ['timestamp_granularities[]', 'word'],
    ['timestamp_granularities[]', 'segment'],
  ],
  [['response_format', 'verbose_json']],
  [['response_format', 'json']],
];

/** Error messages for an unknown form, such as verbose_json with gpt-4o-transcribe. */
const FORM_REFUSED = /response_format|verbose_json|timestamp_granularit|granularit/i;

/** Error messages for an unknown language. */
const LANGUAGE_REFUSED = /language/i;

/**
 * Opens an endpoint of OpenAI's transcription API, which whisper.cpp, speaches and vLLM offer, too. If it refuses the form of a request,
 * the next simpler one is used, as long as the process runs; a language that it refuses is omitted.
 */
export function openEndpointTranscriber(endpoint: Endpoint, log: Logger): Transcriber {
  let form = 0;
  /** Whether the endpoint has ever answered: until then any refusal may be due to the form. */
  let known = false;
  /** Languages that made the endpoint refuse pieces which it then accepted without them. */
  const refused = new Set<string>();
  const ask = async (wav: Blob, language: string | null, signal: AbortSignal): Promise<Heard> => {
    let languageHint = language && !refused.has(language) ? language : null;
    for (let tried = form; ; tried += 1) {
      try {
        const heard = await withRetries(log, signal, () =>
          request(endpoint, wav, languageHint, FORMS[tried] ?? [], signal),
        );
        [form, known] = [tried, true];
        if (language && !languageHint) refused.add(language);
        return heard;
      } catch (error) {
        if (languageHint && isRefusal(error, LANGUAGE_REFUSED)) {
          languageHint = null;
          tried -= 1;
        } else if (!isFormRefused(error, known) || tried === FORMS.length - 1) throw error;
      }
    }
  };
  return {
    name: endpoint.name,
    caveat: null,
    language: null,
    async transcribe(wavPath, { language, signal }) {
      try {
        return await ask(await openAsBlob(wavPath, { type: 'audio/wav' }), language, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof EndpointFailed ? toTranscriberFailed(error, log) : error;
      }
    },
  };
}

function isFormRefused(error: unknown, known: boolean): boolean {
  return isRefusal(error, known ? FORM_REFUSED : /(?:)/);
}

/** Whether an endpoint refuses a request with such a message. */
function isRefusal(error: unknown, words: RegExp): boolean {
  if (!(error instanceof EndpointFailed) || error.failure !== 'bad request') return false;
  return words.test(String(error.details.message ?? ''));
}

async function request(
  endpoint: Endpoint,
  wav: Blob,
  language: string | null,
  form: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<Heard> {
  const body = new FormData();
  // Endpoints detect the format by the extension.
  body.append('file', wav, 'audio.wav');
  body.append('model', endpoint.name);
  // Of a tag such as `en-US` they accept only the first part.
  if (language) body.append('language', language.split('-')[0] ?? language);
  for (const [name, value] of form) body.append(name, value);
  const timeout = AbortSignal.timeout(endpoint.timeoutMs);
  try {
    const response = await postForm(endpoint, '/audio/transcriptions', body, AbortSignal.any([signal, timeout]));
    const heard = readResponse(parseJson(await response.text()));
    if (!heard) throw new EndpointFailed('malformed response');
    return heard;
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw new EndpointFailed('idle timeout');
    throw error instanceof EndpointFailed ? error : new EndpointFailed('incomplete response');
  }
}

/** Errors of a single piece, such as "the audio might be corrupted". */
const OF_THE_PIECE: readonly EndpointFailure[] = [
  'bad request',
  'context too long',
  'content filtered',
  'endless response',
];

const SETTINGS: Partial<Record<EndpointFailure, string>> = {
  unauthorized: 'The transcriber does not accept its API key; an administrator mends TRANSCRIBER_API_KEY.',
  'model not found':
    'There is no such transcriber; an administrator mends TRANSCRIBER_BASE_URL (which ends with /v1 at most) or TRANSCRIBER_MODEL.',
  'quota exhausted': 'The account that pays for the transcriber has nothing left; an administrator has to mend it.',
};

const PASSING = 'The transcriber does not answer as it should at the moment.';
const NO_TRANSCRIPTION =
  'What the transcriber answers is no transcription; where that lasts, an administrator looks at TRANSCRIBER_BASE_URL (which ends with /v1 at most) and TRANSCRIBER_MODEL.';

function toTranscriberFailed(error: EndpointFailed, log: Logger): TranscriberFailed {
  log.warn({ err: error }, 'a transcriber failed');
  const lasting = SETTINGS[error.failure];
  if (lasting) return new TranscriberFailed('lasting', lasting, { cause: error });
  if (OF_THE_PIECE.includes(error.failure))
    return new TranscriberFailed('piece', 'The transcriber does not take a part of this recording.', { cause: error });
  const { retryAfterMs } = error;
  return new TranscriberFailed('passing', error.failure === 'malformed response' ? NO_TRANSCRIPTION : PASSING, {
    retryAfterMs,
    cause: error,
  });
}
