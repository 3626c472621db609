import { addressOf } from '#adapters/database/dump/server-databases.ts';
import type { Config } from '#config/config.ts';
import { version } from '#version.ts';

/** Returns what is being started, and where it stores its data. */
export function describeStart(runs: string, { databaseUrl, dataDir }: Config): string {
  return `Parley ${version}: ${runs}
Data: ${databaseUrl ? describeAddress(databaseUrl) : `${dataDir}, in an embedded PostgreSQL`}`;
}

/** Without user and password. */
function describeAddress(databaseUrl: string): string {
  const { host, name } = addressOf(databaseUrl);
  return `PostgreSQL at ${host}/${name}`;
}

/** Returns the address of GraphiQL, with the first key if the installation has just got it, and how to stop. */
export function describeReady({ url, firstKey }: { url: string | null; firstKey: string | null }): string {
  const open = firstKey ? describeFirstKey(url, firstKey) : `Open ${url}/graphql`;
  return `${url ? `${open}\n` : ''}Stop it with Ctrl-C.`;
}

/** Returns the only line that programs read, too: the address with the first key. */
export const describeFirstKey = (url: string | null, key: string) =>
  `Open ${url}/graphql#key=${key} (the key is shown only once; \`npm run keys -- create --admin\` makes another).`;

/** Returns what a process is waiting for before it ends. */
export function describeStop({ requests, jobs }: { requests: number; jobs: number }): string {
  const waits = [count(requests, 'request'), count(jobs, 'job')].filter(Boolean).join(' and ');
  return waits ? `Stopping: waits up to 20 s for ${waits}. Ctrl-C again stops it at once.` : 'Stopping.';
}

const count = (amount: number, what: string) => amount && `${amount} ${what}${amount === 1 ? '' : 's'}`;
