import { PGlite } from '@electric-sql/pglite';
import { compileFrugally, createOptions, DISK_FULL } from './pglite-files.ts';

/** What a full disk is called by Emscripten, whose errors have numbers of their own. */
const EMSCRIPTEN_ENOSPC = 51;

/** A process that creates a database in the directory that it is given, and ends; at once where its parent does. */
process.on('disconnect', () => process.exit(1));
const [directory = ''] = process.argv.slice(2);
compileFrugally();
try {
  const created = await PGlite.create(createOptions(directory));
  await created.close();
  process.exit();
} catch (error) {
  if ((error as { errno?: unknown }).errno === EMSCRIPTEN_ENOSPC) process.exit(DISK_FULL);
  throw error;
}
