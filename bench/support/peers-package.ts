import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PACKAGE = 'bench/peers';

/** Installs the package of the peers and generates its Prisma client, where that has not been done. */
export function installPeers(): void {
  if (!existsSync(`${PACKAGE}/node_modules`))
    run('npm', ['ci', '--prefix', PACKAGE, '--ignore-scripts', '--no-audit', '--no-fund'], '.');
  // Prisma's CLI fetches a schema engine that it does not need for this; naming any executable keeps it offline.
  if (!existsSync(`${PACKAGE}/generated`))
    run('npx', ['prisma', 'generate'], PACKAGE, { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
}

function run(command: string, args: string[], cwd: string, env: Record<string, string> = {}): void {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${cwd}.`);
}
