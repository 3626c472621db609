import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Deps } from '#domain/core/deps.ts';
import { importLeads } from '#domain/sales/import/import-leads.ts';
import { uploadLeads } from '#domain/sales/import/upload-leads.ts';
import { startWorker } from '#worker/worker.ts';
import { createUser, openServices } from '../test/support/services.ts';
import { until } from '../test/support/until.ts';
import { chooseDatabase } from './support/database.ts';
import { watchTurns } from './support/watch-turns.ts';

// `node bench/lead-import.ts [rows]`: how long an import of 10,000 leads takes, or of so many, by a job where they are more; on an
// embedded database or on the server of BENCH_DATABASE_URL. Meanwhile the longest delay of the event loop, which other work on the
// machine lengthens, and the most CPU time between two of its turns, which it does not; then the same file again, which changes nothing,
// and with another tag, which is added to every lead.

const WITHIN_REQUEST = 10_000;
const DEFAULTS = { charset: null, defaultLanguage: 'he', defaultTimeZone: null };
const count = Number(process.argv[2] ?? WITHIN_REQUEST);
/** As bytes, which no garbage collection reads. */
const csv = Buffer.from(makeCsv('VIP'));

const database = await chooseDatabase();
const services = await openServices(database.env, { works: true });
const worker = await startWorker(services, { concurrency: { long: 1 } });
try {
  const deps = await createUser(services);
  for (const [name, file] of [
    ['new', csv],
    ['again', csv],
    ['merged', Buffer.from(makeCsv('חם'))],
  ] as const) {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    const turns = watchTurns();
    delays.enable();
    const startedAt = performance.now();
    const { created, merged, unchanged, errorCount } = await (count > WITHIN_REQUEST ? importByJob : importAtOnce)(
      deps,
      file,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    delays.disable();
    const loop = `loop ${(delays.max / 1e6).toFixed(0)} ms, turn ${turns.stop().toFixed(0)} ms`;
    console.log(
      `${name}: ${created} created, ${merged} merged, ${unchanged} unchanged, ${errorCount} errors in ${seconds.toFixed(1)} s, ${loop}`,
    );
  }
} finally {
  await worker.stop();
  await services.close();
  await database.drop();
}

function makeCsv(tag: string): string {
  const rows = Array.from(
    { length: count },
    (_, n) => `"דנה לוי ${n}",05${2_2100_000 + n},"לביא ""${n}"" בע""מ",${tag}`,
  );
  return `שם,טלפון,חברה,תגיות\n${rows.join('\n')}\n`;
}

async function importAtOnce(deps: Deps, file: Buffer) {
  const { errors, ...counts } = await importLeads(deps, { csv: file.toString(), defaultLanguage: 'he' });
  return { ...counts, errorCount: errors.length };
}

async function importByJob(deps: Deps, file: Buffer) {
  const { prisma } = deps.database;
  const body = (async function* () {
    for (let start = 0; start < file.length; start += 65_536) yield file.subarray(start, start + 65_536);
  })();
  const job = await uploadLeads(deps, DEFAULTS, { body, announcedBytes: file.length, idempotencyKey: null });
  const ended = await until(
    () => prisma.job.findUniqueOrThrow({ where: { id: job.id } }),
    ({ finishedAt }) => finishedAt !== null,
  );
  if (ended.status !== 'SUCCEEDED') throw new Error(ended.errorMessage ?? ended.status);
  return ended.result as { created: number; merged: number; unchanged: number; errorCount: number };
}
