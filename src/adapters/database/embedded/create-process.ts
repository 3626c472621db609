import { PGlite } from '@electric-sql/pglite';
import { compileFrugally, createOptions } from './pglite-files.ts';

/** A process that creates a database in the directory that it is given, and ends; at once where its parent does. */
process.on('disconnect', () => process.exit(1));
const [directory = ''] = process.argv.slice(2);
compileFrugally();
const created = await PGlite.create(createOptions(directory));
await created.close();
process.exit();
