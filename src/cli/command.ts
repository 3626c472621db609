import type { ParseArgsConfig } from 'node:util';

/** A command of `parley`, in a file of src/cli with the same name. */
export type Command = {
  /** The usage, which is all that `--help` prints. */
  usage: string;
  /** Its options, as `node:util` parses them. */
  options?: NonNullable<ParseArgsConfig['options']>;
  /** Runs the command, and returns the exit code: 0 success, 1 failure. Throws WrongUsage for unknown arguments. */
  run(words: string[], options: Options): Promise<number>;
};

/** The values given for the options. */
export type Options = Record<string, string | boolean | undefined>;

/** The command was called with arguments that it does not know; has a sentence if that helps. Exit code 2. */
export class WrongUsage extends Error {
  override name = 'WrongUsage';
}

/** An error that the operator can act on; its message is printed without a stack. */
export class Refused extends Error {
  override name = 'Refused';
}

/** Prints a line of the command's output. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Returns an option that takes a text; undefined if it was not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
