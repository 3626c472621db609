import type { Config } from '#config/config.ts';
import { localUrl } from '#local-url.ts';
import { type Command, print, Refused, textOption, WrongUsage } from './command.ts';
import { readSettings } from './open-services.ts';

type Component = { name: string; status: string; message?: string | null };
type SlowQuery = { at: string; durationMs: number; sql: string; operationName: string | null };
type Details = {
  performanceReport: {
    since: string;
    queries: number;
    slowQueries: number;
    totalMs: number;
    averageMs: number;
    p95Ms: number;
    newest: SlowQuery[];
    warnings: string[];
  };
  queueStats: Record<string, number | null>;
  storage: Record<string, number>;
};

export const command: Command = {
  usage: `Usage: npx parley report [--url URL] [--key KEY]

Asks a running server how it does: status, components, connection pool, statements, cache. With the key of an ADMIN also what the
statements of all processes took, the newest slow ones, the queue and the storage. URL is HOST and PORT, or PUBLIC_URL where no
server answers there, unless it is given; KEY is BOOTSTRAP_ADMIN_KEY.`,
  options: { url: { type: 'string' }, key: { type: 'string' } },
  async run(words, options) {
    if (words.length > 0) throw new WrongUsage();
    const settings = readSettings();
    const url = textOption(options, 'url') ?? (await findServer(settings));
    const status = await reportStatus(url);
    const key = textOption(options, 'key') ?? settings.bootstrapAdminKey;
    if (key) reportDetails(await askDetails(url, key));
    else print('With --key and the key of an ADMIN: slow statements, queue and storage.');
    return status.toUpperCase() === 'UNHEALTHY' ? 1 : 0;
  },
};

/** PUBLIC_URL leads to a proxy, which may be unreachable from a container or from the machine itself. */
async function findServer(settings: Config): Promise<string> {
  const own = localUrl(settings);
  if (!settings.publicUrl) return own;
  const health = await ask<{ service?: unknown }>(own, '/health').catch(() => null);
  return health?.service === 'parley' ? own : settings.publicUrl;
}

async function reportStatus(url: string): Promise<string> {
  const health = await ask<{ service?: string; status: string; version: string; timestamp: string }>(url, '/health');
  if (health?.service !== 'parley') throw new Refused(`Another program than Parley answers at ${url}. Give --url.`);
  print(`Parley ${health.version} at ${url}: ${health.status} (${health.timestamp})`);
  const { components } = await ask<{ components: Component[] }>(url, '/health/detailed');
  for (const { name, status, message } of components)
    print(`  ${name.padEnd(10)}${status}${message ? `: ${message}` : ''}`);
  const { details } = await ask<{ details: { pool?: object; queries?: object } }>(url, '/health/database');
  print(`Connections: ${describe(details.pool)}`);
  print(`Statements:  ${describe(details.queries)}`);
  print(`Cache:       ${describe(await ask<object>(url, '/health/cache'))}`);
  return health.status;
}

function reportDetails({ performanceReport, queueStats, storage }: Details): void {
  const { since, newest, warnings, ...numbers } = performanceReport;
  print(`Of all processes since ${since}: ${describe(numbers)}`);
  print(`Queue:       ${describe(queueStats)}`);
  print(`Storage:     ${describe(storage)}`);
  for (const warning of warnings) print(`Warning: ${warning}`);
  print(newest.length === 0 ? 'No statement was slow.' : 'Slow statements, the newest first:');
  for (const { at, durationMs, sql, operationName } of newest)
    print(`  ${at}  ${Math.round(durationMs)} ms  ${operationName ?? 'no operation'}: ${sql}`);
}

const ANSWER_TIMEOUT_MS = 5_000;

async function ask<Answer>(url: string, path: string): Promise<Answer> {
  return (await fetchJson(url, path)) as Answer;
}

const DETAILS = /* GraphQL */ `{
  performanceReport {
    since queries slowQueries totalMs averageMs p95Ms newest { at durationMs sql operationName } warnings
  }
  queueStats { queued running retrying succeededLastHour failedLastHour oldestQueuedSeconds maxConcurrent maxQueued }
  storage { usedBytes quotaBytes files archivedBytes maxFileBytes }
}`;

async function askDetails(url: string, key: string): Promise<Details> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const request = { method: 'POST', headers, body: JSON.stringify({ query: DETAILS }) };
  const answer = (await fetchJson(url, '/graphql', request)) as { data?: Details; errors?: { message: string }[] };
  if (answer.data) return answer.data;
  throw new Refused(`The key is of no use here: ${answer.errors?.[0]?.message ?? 'no answer'} Give --key of an ADMIN.`);
}

async function fetchJson(url: string, path: string, request: RequestInit = {}): Promise<unknown> {
  try {
    const response = await fetch(new URL(path, url), { ...request, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return await response.json();
  } catch {
    throw new Refused(`No server of Parley answers at ${url}. Start it, or give --url.`);
  }
}

function describe(values: object = {}): string {
  return Object.entries(values)
    .map(
      ([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value * 100) / 100 : JSON.stringify(value)}`,
    )
    .join(', ');
}
