import type { Command } from './command.ts';
import { startRole } from './start-role.ts';

export const command: Command = {
  usage: `Usage: npx parley worker

Starts a worker alone, which runs jobs. Needs DATABASE_URL.
The settings are in .env.example.`,
  run: (words) => startRole('worker', words),
};
