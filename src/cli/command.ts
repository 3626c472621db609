import type { ParseArgsConfig } from 'node:util';

/** A command of `parley`, in a file of src/cli that is named after it. */
export type Command = {
  /** How it is called: all that `--help` prints. */
  usage: string;
  /** Its options, as `node:util` parses them. */
  options?: NonNullable<ParseArgsConfig['options']>;
  /** Does it, and returns the exit code: 0 done, 1 failed. Throws WrongUsage for words that it does not know. */
  run(words: string[], options: Options): Promise<number>;
};

/** What was given for the options. */
export type Options = Record<string, string | boolean | undefined>;

/** The command was called in a way that it does not know; with a sentence where one helps. Exit code 2. */
export class WrongUsage extends Error {
  override name = 'WrongUsage';
}

/** Says something that the operator can act on; printed without a stack. */
export class Refused extends Error {
  override name = 'Refused';
}

/** Prints a line of what the command is for. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Returns an option that takes a text; undefined where it was not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
