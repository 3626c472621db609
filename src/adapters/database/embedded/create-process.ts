import { PGlite } from '@electric-sql/pglite';
import { compileFrugally, createOptions, DISK_FULL } from './pglite-files.ts';

/** The error for a full disk in Emscripten, which has error numbers of its own. */
const EMSCRIPTEN_ENOSPC = 51;

/** A process that creates a database in the given directory and ends, also as soon as its parent ends. */
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
