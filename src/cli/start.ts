import type { Command } from './command.ts';
import { startRole } from './start-role.ts';

export const command: Command = {
  usage: `Usage: npx parley start

Starts server and worker in one process, on the embedded database in DATA_DIR unless DATABASE_URL is set.
The settings are in .env.example.`,
  run: (words) => startRole('all', words),
};
