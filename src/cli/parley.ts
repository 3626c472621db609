import { parseArgs } from 'node:util';
import { version } from '#version.ts';
import { type Command, print, WrongUsage } from './command.ts';
import { explainError } from './explain-error.ts';

/** All commands, in the order of the help. */
const COMMANDS: Record<string, { summary: string; load(): Promise<{ command: Command }> }> = {
  start: {
    summary: 'Starts server and worker in one process.',
    load: () => import('./start.ts'),
  },
  server: {
    summary: 'Starts a server (needs DATABASE_URL).',
    load: () => import('./server.ts'),
  },
  worker: {
    summary: 'Starts a worker (needs DATABASE_URL).',
    load: () => import('./worker.ts'),
  },
  migrate: {
    summary: 'Applies the migrations that the database lacks.',
    load: () => import('./migrate.ts'),
  },
  doctor: {
    summary: 'Looks at all that Parley needs, and says what to do.',
    load: () => import('./doctor.ts'),
  },
  report: {
    summary: 'Tells how a running server does.',
    load: () => import('./report.ts'),
  },
  keys: {
    summary: 'Makes, lists and revokes API keys.',
    load: () => import('./keys.ts'),
  },
  users: {
    summary: 'Makes, suspends, exports and erases users.',
    load: () => import('./users.ts'),
  },
  backup: {
    summary: 'Takes, lists, verifies and restores backups.',
    load: () => import('./backup.ts'),
  },
  jobs: {
    summary: 'Lets jobs run that are held since a backup was restored.',
    load: () => import('./jobs.ts'),
  },
  'clean-up': {
    summary: 'Deletes old conversations of all users.',
    load: () => import('./clean-up.ts'),
  },
  audit: {
    summary: 'Exports the audit log.',
    load: () => import('./audit.ts'),
  },
};

/** The reader of an output has closed it, as in `parley audit export | head`: not an error of the command that stops because of it. */
const lostReaders = new WeakSet<Error>();

/** Exit codes: 0 success, 1 failure, 2 wrong usage. */
async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    print(version);
    return 0;
  }
  const found = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!found) {
    const isHelp = name === undefined || ['help', '--help', '-h'].includes(name);
    const help = listCommands();
    if (isHelp) print(help);
    else console.error(`There is no command ${JSON.stringify(name)}.\n\n${help}`);
    return isHelp ? 0 : 2;
  }
  const { command } = await found.load();
  try {
    return await runCommand(command, args);
  } catch (error) {
    if (error instanceof WrongUsage) {
      console.error([error.message, command.usage].filter(Boolean).join('\n\n'));
      return 2;
    }
    if (lostReaders.has(error as Error)) return 0;
    console.error(explainError(error));
    return 1;
  }
}

async function runCommand(command: Command, args: string[]): Promise<number> {
  const { positionals, values } = parse(command, args);
  if (values.help || positionals[0] === 'help') {
    print(command.usage);
    return 0;
  }
  return command.run(positionals, values);
}

function parse({ options = {} }: Command, args: string[]) {
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    const parsed = parseArgs({ args, options: { ...options, help }, allowPositionals: true });
    return { positionals: parsed.positionals, values: parsed.values as Record<string, string | boolean | undefined> };
  } catch (error) {
    throw new WrongUsage((error as Error).message);
  }
}

function listCommands(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return `Parley ${version}. Usage: npx parley COMMAND; npx parley COMMAND --help tells more.\n\n${lines.join('\n')}`;
}

/** Continues if the reader of an output is gone. An output that cannot be written, as on a full disk, ends the process. */
function ignoreLostReaders(): void {
  for (const output of [process.stdout, process.stderr])
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return lostReaders.add(error);
      if (output === process.stdout) console.error(`The output cannot be written: ${error.message}.`);
      process.exit(1);
    });
}

/** How long a command that has failed may take to close its connections. One that wants a password stays open until the server ends it. */
const CLOSE_MS = 1_000;

ignoreLostReaders();
process.exitCode = await main(process.argv.slice(2));
if (process.exitCode !== 0) setTimeout(() => process.exit(), CLOSE_MS).unref();
