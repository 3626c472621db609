import { cpSync, existsSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { startEmbeddedDatabase } from '#adapters/database/embedded/embedded-database.ts';
import { migrate } from '#adapters/database/migrator/migrator.ts';
import { until } from './until.ts';

/** Puts an embedded database into a data directory, with all migrations applied; the first of a run to ask makes what is copied. */
export async function copyEmbeddedTemplate(dataDir: string): Promise<void> {
  const directory = inject('embeddedTemplate');
  const [template, making] = [join(directory, 'template'), join(directory, 'making')];
  await until(
    async () => existsSync(template) || (takes(making) && (await make(template, making))),
    (isThere) => isThere,
  );
  cpSync(join(template, 'postgres'), join(dataDir, 'postgres'), { recursive: true });
}

/** Whether nobody else, in any process, has the directory. */
function takes(directory: string): boolean {
  try {
    mkdirSync(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function make(template: string, making: string): Promise<true> {
  const unfinished = `${template}.new`;
  try {
    mkdirSync(unfinished);
    const embedded = await startEmbeddedDatabase({ dataDir: unfinished, onLost: () => {} });
    const pool = new pg.Pool({ ...embedded.connection, max: 1 });
    await migrate(pool);
    await pool.end();
    await embedded.stop();
    renameSync(unfinished, template);
    return true;
  } finally {
    rmdirSync(making);
  }
}
