import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { START } from './parley.ts';
import { until } from './until.ts';

/** A process of Parley whose input and output are a terminal. */
export type Terminal = {
  process: ChildProcess;
  /** The lines on the screen, but for one that has not ended. */
  lines(): string[];
  /** Resolves with the first line that passes. */
  waitForLine(pattern: RegExp): Promise<string>;
  pressCtrlC(): void;
  ended: Promise<number | null>;
};

/** Starts Parley on a terminal of its own, by `script` of util-linux, without colours. */
export function startOnTerminal(env: Record<string, string>): Terminal {
  const child = spawn('script', ['-qefc', `exec ${process.execPath} ${START.join(' ')}`, '/dev/null'], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const lines = () => screen.split(/\r?\n/).slice(0, -1).filter(Boolean);
  return {
    process: child,
    lines,
    waitForLine: async (pattern) =>
      (await until(
        async () => lines().find((line) => pattern.test(line)),
        (line) => line !== undefined || child.exitCode !== null,
      )) ?? Promise.reject(new Error(`The screen never showed ${pattern}: ${screen}`)),
    pressCtrlC: () => void child.stdin.write('\x03'),
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}
