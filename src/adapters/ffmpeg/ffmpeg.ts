import { ProgramFailed } from './failures.ts';
import { createFairPlaces, type FairPlaces } from './fair-places.ts';
import { guardArgs, type InputFile, toFileUrl } from './input.ts';
import { findProgram } from './limits.ts';
import { type Probe, readProbe } from './probe.ts';
import { runProgram } from './run-program.ts';

/** One run of ffmpeg. */
export type FfmpegRun = {
  /** Inputs (`inputArgs`), filters and outputs. */
  args: readonly string[];
  signal: AbortSignal;
  timeoutMs: number;
  memoryBytes?: number;
  /** Called with the number of seconds of output so far, about twice a second. Not together with `onOutput`. */
  onProgress?: (seconds: number) => void;
  /** Called with what is written to `pipe:1`. */
  onOutput?: (bytes: Buffer) => void;
  /** Called with each line of the log, which begins with its level, such as `[error]`, after the part of ffmpeg that writes it. */
  onLine?: (line: string) => void;
};

/** ffmpeg and ffprobe, for files of users. Both throw ProgramFailed, and the signal's reason. */
export type Ffmpeg = {
  /** Whether both programs are installed now. */
  isInstalled(): boolean;
  probe(file: InputFile, options: { signal: AbortSignal }): Promise<Probe>;
  /** Runs ffmpeg when it is its turn: a few run at a time. */
  run(run: FfmpegRun): Promise<void>;
  /** The same programs for a user; users take turns. */
  forOwner(owner: string): Ffmpeg;
  /** The same programs for clips, one at a time: they do not wait for recordings, whose audio may take an hour. */
  forClips(): Ffmpeg;
};

/** Bytes of memory: decoding audio takes 60 MB, and a hostile file takes all it can get. */
const MEMORY_BYTES = 1_000_000_000;
/** The maximum size of a file that ffmpeg writes in bytes: six hours of video at 9 Mbit/s. */
const MAX_OUTPUT_BYTES = 24_000_000_000;
const PROBE_TIMEOUT_MS = 60_000;
/** The maximum size of ffprobe's report in bytes: 32 streams take 60 KB. */
const MAX_REPORT_BYTES = 2_000_000;

/** Opens ffmpeg by the names or paths of its programs. This process runs `maxConcurrent` at once, and one more for clips. */
export function openFfmpeg({
  ffmpegPath,
  ffprobePath,
  maxConcurrent,
}: {
  ffmpegPath: string;
  ffprobePath: string;
  maxConcurrent: number;
}): Ffmpeg {
  const clipPlaces = createFairPlaces(1);
  const open = (owner: string, places: FairPlaces): Ffmpeg => ({
    isInstalled: () => findProgram(ffmpegPath) !== null && findProgram(ffprobePath) !== null,
    probe: (file, { signal }) => places(owner, signal, () => probe(ffprobePath, file, signal)),
    run: (run) => places(owner, run.signal, () => runFfmpeg(ffmpegPath, run)),
    forOwner: (other) => open(other, places),
    forClips: () => open(owner, clipPlaces),
  });
  return open('', createFairPlaces(maxConcurrent));
}

async function probe(program: string, file: InputFile, signal: AbortSignal): Promise<Probe> {
  const report: Buffer[] = [];
  let size = 0;
  let isEstimate = false;
  await runProgram({
    command: program,
    args: ['-v', 'warning', ...guardArgs(file), '-of', 'json', '-show_format', '-show_streams', toFileUrl(file.path)],
    signal,
    timeoutMs: PROBE_TIMEOUT_MS,
    memoryBytes: MEMORY_BYTES,
    fileBytes: 0,
    onOutput(bytes) {
      size += bytes.length;
      if (size <= MAX_REPORT_BYTES) report.push(bytes);
    },
    onLine(line) {
      isEstimate ||= line.includes('Estimating duration from bitrate');
    },
  });
  if (size > MAX_REPORT_BYTES) throw new ProgramFailed('ffprobe', 'refused', ['its report is endless']);
  const probed = readProbe(Buffer.concat(report).toString('utf8'));
  return isEstimate ? { ...probed, durationSeconds: null } : probed;
}

const GLOBAL_ARGS = ['-hide_banner', '-nostdin', '-nostats', '-y', '-loglevel', 'repeat+level+info'];
const PROGRESS_ARGS = ['-progress', 'pipe:1', '-stats_period', '0.5'];

async function runFfmpeg(program: string, run: FfmpegRun): Promise<void> {
  const { onProgress, onOutput, onLine } = run;
  await runProgram({
    command: program,
    args: [...GLOBAL_ARGS, ...(onProgress ? PROGRESS_ARGS : []), ...run.args],
    signal: run.signal,
    timeoutMs: run.timeoutMs,
    memoryBytes: run.memoryBytes ?? MEMORY_BYTES,
    fileBytes: MAX_OUTPUT_BYTES,
    onOutput: onProgress ? readProgress(onProgress) : (onOutput ?? (() => {})),
    ...(onLine ? { onLine } : {}),
  });
}

/** Reads lines such as `out_time_us=1500000`, which may be split anywhere. */
function readProgress(onProgress: (seconds: number) => void): (bytes: Buffer) => void {
  let rest = '';
  return (bytes) => {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const microseconds = /^out_time_us=(\d+)$/.exec(line)?.[1];
      if (microseconds) onProgress(Number(microseconds) / 1e6);
    }
  };
}
