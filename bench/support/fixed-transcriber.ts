import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const DIALOGUES = ['maya-and-tom', 'priya-and-leon', 'grace-and-samir', 'ingrid-and-paul'];
/** The last word of a sentence is this long, and each word before it. */
const SECONDS_PER_WORD = 0.4;
/** Samples of 16 bits at 16 kHz. */
const BYTES_PER_SECOND = 32_000;

/** What it takes for a piece of five minutes: long enough for threads that wait to end, as they do beside a real one. */
const SECONDS_PER_PIECE = 1;

/** An OpenAI-compatible endpoint on this machine that hears made-up dialogues, one sentence after the other, in all that it is sent. */
export async function startFixedTranscriber() {
  const sentences = readSentences();
  let next = 0;
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    request.on('end', () => {
      const said: { text: string; start: number; end: number; words: object[] }[] = [];
      for (let at = 0; at < bytes / BYTES_PER_SECOND - 10; next += 1) {
        const text = sentences[next % sentences.length] as string;
        const words = text.split(' ').map((word, index) => {
          const start = at + index * SECONDS_PER_WORD;
          return { word, start, end: start + SECONDS_PER_WORD };
        });
        const end = at + words.length * SECONDS_PER_WORD;
        said.push({ text, start: at, end, words });
        at = end + 0.3;
      }
      const segments = said.map(({ words: _words, ...segment }) => ({ ...segment, no_speech_prob: 0.01 }));
      const body = {
        text: said.map(({ text }) => text).join(' '),
        segments,
        words: said.flatMap(({ words }) => words),
      };
      const answer = JSON.stringify(body);
      setTimeout(() => response.setHeader('content-type', 'application/json').end(answer), SECONDS_PER_PIECE * 1000);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: { TRANSCRIBER_BASE_URL: `http://127.0.0.1:${port}/v1`, TRANSCRIBER_MODEL: 'fixed' },
    stop: () => server.close(),
  };
}

const readSentences = (): string[] =>
  DIALOGUES.flatMap((name) => readFileSync(new URL(`dialogues/${name}.txt`, import.meta.url), 'utf8').split('\n'))
    .filter((line) => /^\w+( \{\w+\})?: /.test(line))
    .map((line) => line.slice(line.indexOf(': ') + 2));
