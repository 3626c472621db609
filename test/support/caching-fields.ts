import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the schema says of the caching of a type: null for the seconds of one that is not kept, or as long as what it contains. */
export type KeptType = {
  type: string;
  keptSeconds: number | null;
  fields: { name: string; isDecided: boolean; isExposed: boolean; isKept: boolean; property: string | null }[];
};

/** Returns what the schema says of caching, and for how many seconds answers to some queries are kept. */
export function readKeptFields(queries: readonly string[] = []): { types: KeptType[]; seconds: number[] } {
  return JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'caching-fields-main.ts'), ...queries], {
      encoding: 'utf8',
    }),
  );
}
