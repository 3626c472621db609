import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The limits of a program: bytes of memory, and bytes of a file that it writes. */
export type ProgramLimits = { memoryBytes: number; fileBytes: number };

/** The niceness of programs: 0 is the default, 19 the lowest priority. */
const NICENESS = 10;

/** A program to start: a command and its arguments. */
export type Command = { command: string; args: string[] };

/**
 * Wraps a command so that it dies with the process that starts it (even by `kill -9`), runs at low priority, and has a memory limit: by
 * programs of util-linux and coreutils, each if it is installed. RLIMIT_DATA only counts private memory, not shared libraries or reserved
 * addresses; if hitting it makes the program hang, the time limit ends it.
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

/** Whether a program is on the PATH of this Linux machine, where these programs can limit others; checked once. */
function hasProgram(name: string): boolean {
  const known = found.get(name);
  if (known !== undefined) return known;
  const here = process.platform === 'linux' && findProgram(name) !== null;
  found.set(name, here);
  return here;
}

/** Returns the path of a program, given as a path or as a name on the PATH; null if there is none. */
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
