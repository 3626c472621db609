import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** What a program may take: bytes of memory, and bytes of one file that it writes. */
export type ProgramLimits = { memoryBytes: number; fileBytes: number };

/** How far behind everything else of the machine programs stand: 0 is like others, 19 the last. */
const NICENESS = 10;

/** A program that a worker has started, with all it needs: a command and its arguments. */
export type Command = { command: string; args: string[] };

/**
 * Wraps a command so that it dies with the process that starts it (`kill -9` included), gives way to others, and has no more memory
 * than it may: by programs of util-linux and coreutils, each where it is there. RLIMIT_DATA counts what is really private, so
 * that shared libraries and reserved addresses do not count; a hang that comes of it meets the time limit.
 */
export function limitCommand({ command, args }: Command, { memoryBytes, fileBytes }: ProgramLimits): Command {
  const wrappers = [
    hasProgram('setpriv') ? ['setpriv', '--pdeathsig', 'KILL'] : [],
    hasProgram('nice') ? ['nice', '-n', String(NICENESS)] : [],
    hasProgram('prlimit') ? ['prlimit', `--data=${memoryBytes}`, `--fsize=${fileBytes}`, '--core=0'] : [],
  ].flat();
  const [first = command, ...rest] = [...wrappers, command, ...args];
  return { command: first, args: rest };
}

const found = new Map<string, boolean>();

/** Whether a program is on the PATH of this Linux machine, whose programs limit others; looked for once. */
function hasProgram(name: string): boolean {
  const known = found.get(name);
  if (known !== undefined) return known;
  const here = process.platform === 'linux' && findProgram(name) !== null;
  found.set(name, here);
  return here;
}

/** Returns the path of a program, which may be given as one or as a name on the PATH; null where there is none. */
export function findProgram(program: string): string | null {
  if (program.includes('/') || program.includes(path.sep)) return isExecutable(program) ? program : null;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
