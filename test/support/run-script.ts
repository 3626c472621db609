import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Ended {
  readonly code: number | null;
  /** What it wrote to stdout, then what it wrote to stderr. */
  readonly output: string;
}

/** Runs a TypeScript file with this Node as a process of its own, to its end. */
export async function runScript(
  file: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  cwd = process.cwd(),
): Promise<Ended> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code, output: stdout + stderr };
}
