import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WrongUsage } from './command.ts';

const ROOT = new URL('../../', import.meta.url);

/**
 * Becomes a process of the role, with the flags of its script in package.json, which V8 only reads at start: the same process executes
 * another program, so signals and exit codes are its own. Where that is impossible (Windows), starts a child process and waits for its
 * end.
 */
export async function startRole(role: 'all' | 'server' | 'worker', words: string[]): Promise<number> {
  if (words.length > 0)
    throw new WrongUsage(`It takes no ${JSON.stringify(words[0])}: settings come from the environment.`);
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
    scripts: Record<'start' | 'server' | 'worker', string>;
  };
  const flags = scripts[role === 'all' ? 'start' : role].split(' ').filter((word) => word.startsWith('--'));
  const args = [...flags, fileURLToPath(new URL('start.js', ROOT)), role];
  if (process.platform !== 'win32' && process.execve) {
    process.removeAllListeners('warning'); // execve is experimental
    process.execve(process.execPath, [process.execPath, ...args], process.env as Record<string, string>);
  }
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
