import { stat } from 'node:fs/promises';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import { type InputFile, inputArgs, toFileUrl } from '#adapters/ffmpeg/input.ts';
import { BYTES_PER_SECOND, SAMPLE_RATE } from './sound.ts';

/** What is to be extracted: one stream of a file, `maxSeconds` of it at most, as samples into the file `outputPath`. */
export type Extraction = {
  input: InputFile;
  stream: { index: number; channels: number };
  outputPath: string;
  maxSeconds: number;
  signal: AbortSignal;
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
 * Decodes a stream to mono samples, to the end as far as that goes: what is damaged costs its own place, and is counted. The clock is
 * the player's: sound that begins late begins late, and gaps are silence. Throws ProgramFailed, the signal's reason.
 */
export async function extractSound(ffmpeg: Ffmpeg, extraction: Extraction): Promise<ExtractedSound> {
  const { errors, mixDb, channelDbs } = await decode(ffmpeg, extraction, 'aformat=channel_layouts=mono');
  const loudest = channelDbs.indexOf(Math.max(...channelDbs));
  const loss = (channelDbs[loudest] ?? mixDb) - mixDb;
  const channel = channelDbs.length > 1 && loss > MAX_MIX_LOSS_DB ? loudest : null;
  if (channel !== null) await decode(ffmpeg, extraction, `pan=mono|c0=c${channel}`);
  const { size } = await stat(extraction.outputPath);
  return { seconds: size / BYTES_PER_SECOND, errors, channel: channel === null ? null : channel + 1 };
}

/** Levels are RMS in dB; -Infinity is silence. */
type Decoded = { begun: boolean; errors: number; mixDb: number; channelDbs: number[] };

async function decode(ffmpeg: Ffmpeg, extraction: Extraction, toMono: string): Promise<Decoded> {
  const { input, stream, outputPath, maxSeconds, signal, onProgress } = extraction;
  const levels = 'measure_overall=none:measure_perchannel=RMS_level';
  const graph = [
    `[0:${stream.index}]asplit=2[all][channels]`,
    `[channels]astats@channels=${levels},anullsink`,
    `[all]${toMono},aresample=${SAMPLE_RATE}:async=1:first_pts=0,astats@mix=${levels}[sound]`,
  ].join(';');
  const decoded: Decoded = { begun: false, errors: 0, mixDb: Number.NEGATIVE_INFINITY, channelDbs: [] };
  await ffmpeg.run({
    args: [
      ...inputArgs(input),
      ...['-filter_complex', graph, '-map', '[sound]', '-t', String(maxSeconds)],
      ...['-map_metadata', '-1', '-f', 's16le', '-c:a', 'pcm_s16le', toFileUrl(outputPath)],
    ],
    signal,
    timeoutMs: TIMEOUT_MS,
    onProgress,
    onLine: (line) => readLine(line, decoded),
  });
  return decoded;
}

/** A line of ffmpeg's own, behind the part of it that says so: a title of the file may hold the same words. */
const ERROR = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )?\[(?:error|fatal)\]/;

function readLine(line: string, decoded: Decoded): void {
  // What comes before is about other streams too, as a cover that is too large.
  decoded.begun ||= line.startsWith('[info] Stream mapping:');
  if (decoded.begun && ERROR.test(line)) decoded.errors += 1;
  const level = /^\[(?:astats@)?(channels|mix) .*RMS level dB: (\S+)/.exec(line);
  if (!level) return;
  const db = level[2] === '-inf' ? Number.NEGATIVE_INFINITY : Number(level[2]);
  if (level[1] === 'mix') decoded.mixDb = db;
  else decoded.channelDbs.push(db);
}
