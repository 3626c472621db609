import { monitorEventLoopDelay } from 'node:perf_hooks';
import { importLeads } from '#domain/sales/import/import-leads.ts';
import { createUser, openServices } from '../test/support/services.ts';
import { chooseDatabase } from './support/database.ts';

// `node bench/lead-import.ts`: how long an import of 10,000 leads takes, on an embedded database or on the server of
// BENCH_DATABASE_URL, and the longest delay of the event loop meanwhile; then the same file again, which changes nothing.

const ROWS = 10_000;
const rows = Array.from({ length: ROWS }, (_, n) => `"דנה לוי ${n}",052-2${100_000 + n},"לביא ""${n}"" בע""מ",VIP`);
const csv = `שם,טלפון,חברה,תגיות\n${rows.join('\n')}\n`;

const database = await chooseDatabase();
const services = await openServices(database.env);
try {
  const deps = await createUser(services);
  for (const name of ['new', 'again']) {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const startedAt = performance.now();
    const { created, updated, errors } = await importLeads(deps, { csv, defaultLanguage: 'he' });
    const seconds = (performance.now() - startedAt) / 1000;
    delays.disable();
    process.stdout.write(
      `${name}: ${created} created, ${updated} updated, ${errors.length} errors in ${seconds.toFixed(1)} s, loop ${(delays.max / 1e6).toFixed(0)} ms\n`,
    );
  }
} finally {
  await services.close();
  await database.drop();
}
