#!/usr/bin/env node
// `npx parley COMMAND`: src/cli/parley.ts, where Node can run it. In JavaScript, which every Node reads.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
const root = new URL('..', import.meta.url);
const ownNode = fileURLToPath(new URL('node_modules/.bin/node', root));

if (Number.parseInt(process.versions.node, 10) < OLDEST && existsSync(ownNode) && !process.env.PARLEY_NODE) {
  const { status } = spawnSync(ownNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PARLEY_NODE: ownNode },
  });
  process.exit(status ?? 1);
}
await import('../scripts/check-node.js');
await import('../scripts/v8-flags.js');
await import('../scripts/compile-cache.js');
await import('../scripts/resolution-cache.js');
await import('../scripts/generate.ts');
if (process.exitCode) process.exit(); // it has said why
await import('../src/cli/parley.ts');
