import { ProgramFailed } from '#adapters/ffmpeg/failures.ts';
import { runProgram } from '#adapters/ffmpeg/run-program.ts';
import { type Heard, type HeardSegment, type HeardWord, type Transcriber, TranscriberFailed } from './transcriber.ts';

const MEMORY_BYTES = 1_000_000_000;
/** A piece of five minutes takes about as long as it lasts, and three times that on a slow machine. */
const TIMEOUT_MS = 1_800_000;

const MISSING =
  'PocketSphinx is not installed on this server: its operator installs it with `apt-get install pocketsphinx pocketsphinx-en-us`, or names an endpoint with TRANSCRIBER_BASE_URL and TRANSCRIBER_MODEL.';

/** Opens PocketSphinx, which recognizes English without any service, with many errors. */
export function openPocketSphinx(program: string): Transcriber {
  return {
    name: 'pocketsphinx',
    caveat: 'low accuracy, English, for trying out',
    language: 'en',
    async transcribe(wavPath, { signal }) {
      const lines: string[] = [];
      try {
        await runProgram({
          command: program,
          args: ['-infile', wavPath, '-time', 'yes', '-logfn', '/dev/null'],
          signal,
          timeoutMs: TIMEOUT_MS,
          memoryBytes: MEMORY_BYTES,
          fileBytes: 0,
          onOutput: (bytes) => void lines.push(bytes.toString('utf8')),
        });
        return readOutput(lines.join(''));
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

function explain(error: unknown): unknown {
  if (!(error instanceof ProgramFailed)) return error;
  if (error.failure === 'missing') return new TranscriberFailed('lasting', MISSING, { cause: error });
  if (error.failure === 'stopped')
    return new TranscriberFailed('passing', 'PocketSphinx was stopped in the middle.', { cause: error });
  return new TranscriberFailed('piece', 'PocketSphinx cannot hear a part of this recording.', { cause: error });
}

/** `forward(2) 1.230 1.550 0.914`: a word, the number of its pronunciation, start, end, and confidence. */
const WORD = /^(\S+?)(?:\(\d+\))? (\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/;
/** Silences and noises, and the marks of an utterance's beginning and end. */
const NO_WORD = /^(?:<.*>|\[.*\]|\+\+.*\+\+)$/;

/** Reads utterances: a line of text, then a line for each word. */
function readOutput(output: string): Heard {
  const segments: HeardSegment[] = [];
  let words: HeardWord[] = [];
  const endUtterance = () => {
    if (words.length > 0) segments.push(toSegment(words));
    words = [];
  };
  for (const line of output.split('\n')) {
    const [, text, start, end, confidence] = WORD.exec(line.trim()) ?? [];
    if (!text || !start || !end) endUtterance();
    else if (!NO_WORD.test(text))
      words.push({
        text,
        startSeconds: Number(start),
        endSeconds: Number(end),
        confidence: Math.min(1, Number(confidence)),
      });
  }
  endUtterance();
  return { text: segments.map(({ text }) => text).join(' '), segments };
}

function toSegment(words: HeardWord[]): HeardSegment {
  const confidence = words.reduce((sum, word) => sum + (word.confidence ?? 0), 0) / words.length;
  const text = words.map((word) => word.text).join(' ');
  const [startSeconds, endSeconds] = [words[0]?.startSeconds ?? 0, words.at(-1)?.endSeconds ?? 0];
  return { startSeconds, endSeconds, text, noSpeechProbability: null, confidence, words };
}
