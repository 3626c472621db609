import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll } from 'vitest';

/** One request for a transcription, as it came. */
export type TranscriptionRequest = {
  fileName: string;
  /** Seconds of the WAV file. */
  seconds: number;
  /** The samples of the WAV file. */
  samples: Int16Array;
  format: string;
  granularities: string[];
  language: string | null;
  model: string;
  authorization: string | undefined;
};

/** What is answered, at once or when a promise has it: a body as JSON or as it is, with a status, or nothing at all until the client hangs up. */
export type TranscriptionAnswer = { status?: number; body?: unknown } | 'silence' | 'hang up';

type Script = (request: TranscriptionRequest, index: number) => TranscriptionAnswer | Promise<TranscriptionAnswer>;

export type TranscriberServer = {
  url: string;
  env: { TRANSCRIBER_BASE_URL: string; TRANSCRIBER_MODEL: string };
  requests: TranscriptionRequest[];
  /** How requests are answered from now on; `index` counts them. */
  answer(script: Script): void;
};

/** An OpenAI-compatible endpoint for transcriptions on this machine, closed after the file's tests. */
export async function startTranscriber(): Promise<TranscriberServer> {
  let script: Script = () => ({ body: { text: '' } });
  const requests: TranscriptionRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming).catch(() => null);
    if (!body) return;
    const headers = { 'content-type': incoming.headers['content-type'] ?? '' };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    const request = await readRequest(form, incoming.headers.authorization);
    requests.push(request);
    const answer = await script(request, requests.length - 1);
    if (answer === 'silence') return;
    if (answer === 'hang up') return void response.destroy();
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    url,
    env: { TRANSCRIBER_BASE_URL: url, TRANSCRIBER_MODEL: 'test-whisper' },
    requests,
    answer(next) {
      script = next;
    },
  };
}

async function readRequest(form: FormData, authorization: string | undefined): Promise<TranscriptionRequest> {
  const file = form.get('file') as File;
  const bytes = await file.arrayBuffer();
  const samples = new Int16Array(bytes.slice(44));
  return {
    fileName: file.name,
    seconds: samples.length / 16_000,
    samples,
    format: String(form.get('response_format') ?? ''),
    granularities: form.getAll('timestamp_granularities[]').map(String),
    language: form.get('language') as string | null,
    model: String(form.get('model')),
    authorization,
  };
}

/** Returns a response with the given words, one every half second from `from` on, as one segment. */
export function verboseJson(text: string, from = 0.5): object {
  const words = text.split(' ').map((word, index) => ({
    word,
    start: from + index * 0.5,
    end: from + index * 0.5 + 0.4,
  }));
  const end = words.at(-1)?.end ?? from;
  return { text, segments: [{ start: from, end, text, avg_logprob: -0.2, no_speech_prob: 0.01 }], words };
}

/** Returns a response with sentences that last two seconds each, from when each begins, as segments with the times of their words. */
export function timedJson(sentences: readonly (readonly [text: string, from: number])[]): object {
  return {
    text: sentences.map(([text]) => text).join(' '),
    segments: sentences.map(([text, start]) => ({
      start,
      end: start + 2,
      text,
      avg_logprob: -0.2,
      no_speech_prob: 0.01,
    })),
    words: sentences.flatMap(([text, start]) => {
      const words = text.split(' ');
      const step = 2 / words.length;
      return words.map((word, index) => ({ word, start: start + index * step, end: start + (index + 1) * step }));
    }),
  };
}
