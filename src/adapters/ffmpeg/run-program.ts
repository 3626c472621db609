import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { ProgramFailed, type ProgramFailure } from './failures.ts';
import { type Command, limitCommand, type ProgramLimits } from './limits.ts';

/** One run of a program. */
export type ProgramRun = Command &
  ProgramLimits & {
    /** Kills it. */
    signal: AbortSignal;
    /** Milliseconds after which it is killed. */
    timeoutMs: number;
    /** Called with each piece of its standard output. */
    onOutput?: (bytes: Buffer) => void;
    /** Called with each line of its standard error, cut to MAX_LINE_LENGTH. */
    onLine?: (line: string) => void;
  };

/** The maximum number of characters read from a line: metadata of a file may be long. */
const MAX_LINE_LENGTH = 1_000;
/** How many of the last lines of standard error go into the log. */
const KEPT_LINES = 8;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Runs a program to its end, with an empty standard input. Throws ProgramFailed if it fails, or the signal's reason once it is dead. The
 * caller has to limit its output.
 */
export async function runProgram(run: ProgramRun): Promise<void> {
  run.signal.throwIfAborted();
  const { command, args } = limitCommand(run, run);
  const timeout = AbortSignal.timeout(run.timeoutMs);
  const stop = AbortSignal.any([run.signal, timeout]);
  const lastLines: string[] = [];
  // In a process group of its own, which does not get a Ctrl-C that is meant for this process.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: PROGRAM_ENV, detached: true });
  running.add(child);
  const kill = () => child.kill('SIGKILL');
  stop.addEventListener('abort', kill);
  child.stdout.on('data', (bytes: Buffer) => run.onOutput?.(bytes));
  readLines(child.stderr, (line) => {
    lastLines.push(line);
    if (lastLines.length > KEPT_LINES) lastLines.shift();
    run.onLine?.(line);
  });
  const name = path.basename(run.command);
  try {
    const [code, endedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    run.signal.throwIfAborted();
    if (timeout.aborted) throw new ProgramFailed(name, 'timeout', lastLines);
    if (wasStopped(endedBy, lastLines)) throw new ProgramFailed(name, 'stopped', lastLines);
    if (code !== 0) throw new ProgramFailed(name, explain(code, lastLines), lastLines);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new ProgramFailed(name, 'missing');
    throw error;
  } finally {
    stop.removeEventListener('abort', kill);
    running.delete(child);
  }
}

/** Programs get nothing of this process's environment, which contains its secrets, except where programs and fonts are. */
const PROGRAM_ENV = {
  PATH: process.env.PATH ?? '',
  LC_ALL: 'C.UTF-8',
  ...(process.env.HOME ? { HOME: process.env.HOME } : {}),
  ...(process.env.FONTCONFIG_FILE ? { FONTCONFIG_FILE: process.env.FONTCONFIG_FILE } : {}),
};

/** Signals by which others end a program; any other signal means that it has crashed. */
const FROM_OTHERS: readonly (NodeJS.Signals | null)[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGKILL'];
/** ffmpeg's message when such a signal ends it, as if it had ended by itself. */
const STOPPED_LINE = /^\[info\] Exiting normally, received signal \d+/;

const wasStopped = (endedBy: NodeJS.Signals | null, lastLines: readonly string[]): boolean =>
  FROM_OTHERS.includes(endedBy) || lastLines.some((line) => STOPPED_LINE.test(line));

/** The exit code of a shell, `nice` and `setpriv` if there is no such program. */
const NOT_FOUND = [126, 127];

/** Lines in which ffmpeg repeats metadata of a file, such as its title: a level that is not an error, or the rest of such a line. */
const OF_THE_FILE = /^\s|^(?:\[[^\]]* @ 0x[0-9a-f]+\] )?\[info\]/;

function explain(code: number | null, lastLines: readonly string[]): ProgramFailure {
  const lines = lastLines.filter((line) => !OF_THE_FILE.test(line));
  if (lines.some((line) => line.includes('exceeds specified max pixel count'))) return 'too large';
  if (lines.some((line) => /No space left on device|File too large/.test(line))) return 'no room';
  if (lines.some((line) => /Cannot allocate memory|ENOMEM|malloc/i.test(line))) return 'out of memory';
  return code !== null && NOT_FOUND.includes(code) ? 'missing' : 'refused';
}

/** Calls `onLine` with each line, however long lines are, in bounded memory. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_LENGTH);
    for (const line of lines) if (line) onLine(line.slice(0, MAX_LINE_LENGTH));
  });
  stream.on('end', () => rest && onLine(rest));
}
