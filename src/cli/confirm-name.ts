import { createInterface } from 'node:readline/promises';
import { Refused } from './command.ts';

/** Throws Refused unless the name is given by the option or, on a terminal, typed when asked for. */
export async function confirmName(name: string, given: string | undefined, option: string): Promise<void> {
  if (given === undefined && !process.stdin.isTTY)
    throw new Refused(`Nothing was changed. To go on without a terminal, pass --${option} ${name}`);
  if ((given ?? (await ask(`Type ${name} to go on: `))) === name) return;
  throw new Refused(`Nothing was changed: that is not ${name}.`);
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
