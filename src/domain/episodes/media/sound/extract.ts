import { rm, stat } from 'node:fs/promises';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { type InputFile, inputArgs, toFileUrl } from '#adapters/ffmpeg/input.ts';
import { evenInputArgs, followPlayer, makeEven } from './even.ts';
import { BYTES_PER_SECOND, SAMPLE_RATE } from './pcm.ts';

/** What is to be extracted: one stream of a file, `maxSeconds` of it at most, as samples into the file `outputPath`. */
export type Extraction = {
  input: InputFile;
  stream: { index: number; channels: number };
  outputPath: string;
  maxSeconds: number;
  signal: AbortSignal;
  /** Throws where the local disk has no room for so many bytes: a sound of several formats is there twice for a moment. */
  assertRoom: (bytes: number) => Promise<void>;
  onProgress: (seconds: number) => void;
};

/** `errors` are places that could not be decoded; `channel` is the one that was taken (from 1), null where they were mixed. */
export type ExtractedSound = { seconds: number; errors: number; channel: number | null };

/** Milliseconds: six hours of sound take some minutes of one core. */
const TIMEOUT_MS = 3_600_000;

/**
 * dB that a mix may be below the loudest of its channels. Two voices that are panned apart lose 3 to 6 in the mix; channels that
 * cancel each other out lose all, and the voice in the centre of 5.1 loses 10.
 */
const MAX_MIX_LOSS_DB = 7;

/**
 * Decodes a stream to mono samples, to the end as far as that goes: what is damaged costs its own place, and is counted. The clock is the
 * player's: sound that begins late begins late, and gaps are silence. Throws ProgramFailed, what `assertRoom` throws, the signal's reason.
 */
export async function extractSound(ffmpeg: Ffmpeg, extraction: Extraction): Promise<ExtractedSound> {
  const { input, outputPath } = extraction;
  const decoded = await decode(ffmpeg, extraction, inputArgs(input), 'aformat=channel_layouts=mono');
  if (decoded.formats > 1) return extractUneven(ffmpeg, extraction);
  const { errors, mixDb, channelDbs } = decoded;
  const loudest = channelDbs.indexOf(Math.max(...channelDbs));
  const loss = (channelDbs[loudest] ?? mixDb) - mixDb;
  const channel = channelDbs.length > 1 && loss > MAX_MIX_LOSS_DB ? loudest : null;
  if (channel !== null) await decode(ffmpeg, extraction, inputArgs(input), `pan=mono|c0=c${channel}`);
  return { seconds: await secondsOf(outputPath), errors, channel: channel === null ? null : channel + 1 };
}

/**
 * Does the same for a stream whose format changes in the middle, by way of a file of one format, which has as many bytes as its samples.
 * What was decoded before it was known, which has too much, goes first.
 */
async function extractUneven(ffmpeg: Ffmpeg, extraction: Extraction): Promise<ExtractedSound> {
  const { input, stream, outputPath, maxSeconds: seconds, signal, onProgress } = extraction;
  const { size } = await stat(outputPath);
  await rm(outputPath);
  await extraction.assertRoom(2 * size);
  const evenPath = `${outputPath}.even`;
  const lines = createLineReader();
  const uneven = { input: inputArgs(input), filter: `[0:${stream.index}]anull`, outputPath: evenPath, seconds };
  try {
    await makeEven(
      ffmpeg,
      { ...uneven, signal, timeoutMs: TIMEOUT_MS, onProgress, onLine: lines.read },
      { sampleRate: SAMPLE_RATE, layout: 'mono', codec: 'pcm_s16le' },
    );
    const even = { ...extraction, stream: { index: 0, channels: 1 }, onProgress: () => {} };
    await decode(ffmpeg, even, evenInputArgs(evenPath), 'anull');
  } finally {
    await rm(evenPath, { force: true });
  }
  return { seconds: await secondsOf(outputPath), errors: lines.decoded.errors, channel: null };
}

const secondsOf = async (path: string) => (await stat(path)).size / BYTES_PER_SECOND;

/** `formats` counts those that follow each other in the stream. Levels are RMS in dB; -Infinity is silence. */
type Decoded = { begun: boolean; errors: number; formats: number; mixDb: number; channelDbs: number[] };

async function decode(
  ffmpeg: Ffmpeg,
  { stream, outputPath, maxSeconds, signal, onProgress }: Extraction,
  inputArguments: readonly string[],
  toMono: string,
): Promise<Decoded> {
  const levels = 'measure_overall=none:measure_perchannel=RMS_level';
  const graph = [
    `[0:${stream.index}]asplit=2[all][channels]`,
    `[channels]astats@channels=${levels},anullsink`,
    `[all]${toMono},${followPlayer(SAMPLE_RATE)},astats@mix=${levels}[sound]`,
  ].join(';');
  const lines = createLineReader();
  await ffmpeg.run({
    args: [
      ...inputArguments,
      ...['-filter_complex', graph, '-map', '[sound]', '-t', String(maxSeconds)],
      ...['-map_metadata', '-1', '-f', 's16le', '-c:a', 'pcm_s16le', toFileUrl(outputPath)],
    ],
    signal,
    timeoutMs: TIMEOUT_MS,
    onProgress,
    onLine: lines.read,
  });
  return lines.decoded;
}

/** A line of ffmpeg's own, behind the part of it that says so: a title of the file may hold the same words. */
const ERROR = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )?\[(?:error|fatal)\]/;

/** Reads what ffmpeg says while it decodes. */
function createLineReader(): { decoded: Decoded; read(line: string): void } {
  const decoded: Decoded = {
    ...{ begun: false, errors: 0, formats: 0 },
    ...{ mixDb: Number.NEGATIVE_INFINITY, channelDbs: [] },
  };
  return { decoded, read: (line) => readLine(line, decoded) };
}

function readLine(line: string, decoded: Decoded): void {
  // What comes before is about other streams too, as a cover that is too large.
  decoded.begun ||= line.startsWith('[info] Stream mapping:');
  if (decoded.begun && ERROR.test(line)) decoded.errors += 1;
  const level = /^\[(?:astats@)?(channels|mix) .*RMS level dB: (\S+)/.exec(line);
  if (!level) return;
  const db = level[2] === '-inf' ? Number.NEGATIVE_INFINITY : Number(level[2]);
  if (level[1] === 'channels') return void decoded.channelDbs.push(db);
  decoded.mixDb = db;
  decoded.formats += 1; // each time that the filters began anew, their levels were told
}
