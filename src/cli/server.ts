import type { Command } from './command.ts';
import { startRole } from './start-role.ts';

export const command: Command = {
  usage: `Usage: npx parley server

Starts a server alone; jobs are run by workers. Needs DATABASE_URL.
The settings are in .env.example.`,
  run: (words) => startRole('server', words),
};
