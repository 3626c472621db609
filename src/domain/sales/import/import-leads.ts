import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { runInThread } from '#domain/core/threads.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import { write } from '#domain/core/write.ts';
import { cancelCallsTo } from '#domain/sales/calls/ending/cancel-call.ts';
import { checkLanguage, checkTimeZone } from '#domain/sales/lead-columns.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import { acquireImportLock } from './import-lock.ts';
import type { LeadRow, RowError } from './read-row.ts';
import { readingRules } from './reading-rules.ts';
import type { LeadFileTasks } from './thread.ts';
import { addCounts, type RowCounts, writeRows } from './write-rows.ts';

export type LeadImport = WithIdempotencyKey & {
  csv: string;
  defaultLanguage?: string | null | undefined;
  defaultTimeZone?: string | null | undefined;
};

/**
 * The result of an import. `updated` is `merged` and `unchanged` together; `refused` are the rows that were not imported, `ignoredColumns`
 * headings without a meaning.
 */
export type ImportedLeads = RowCounts & {
  updated: number;
  refused: number;
  errors: RowError[];
  ignoredColumns: string[];
};

/** Thirty times as long as 10,000 rows take. */
const IMPORT_TIMEOUT_MS = 60_000;

/**
 * Creates leads from the rows of a CSV file, and adds what is new in rows to the leads with their numbers. Valid rows are kept, and invalid
 * ones reported. Safe to repeat with the same idempotency key. Throws BadUserInput (no header, too many rows), IdempotencyConflict.
 */
export async function importLeads(deps: Deps, { idempotencyKey, ...input }: LeadImport): Promise<ImportedLeads> {
  const language = checkLanguage('input.defaultLanguage', input.defaultLanguage ?? DEFAULT_LANGUAGE);
  const timeZone = checkTimeZone('input.defaultTimeZone', input.defaultTimeZone);
  const { ignoredColumns, slices, errors, badRows } = await readFile(deps, input.csv, language);
  const refusals: string[] = [];
  const imported = await write(deps, {
    action: 'lead.import',
    once: { key: idempotencyKey, input },
    timeoutMs: IMPORT_TIMEOUT_MS,
    async run({ tx, about, changed }) {
      const ownerId = deps.actor.userId;
      await acquireImportLock(tx, ownerId);
      refusals.length = 0;
      let changes = 0;
      const count: typeof changed = (entity) => {
        changes += 1;
        changed(entity);
      };
      let counts: RowCounts = { created: 0, merged: 0, unchanged: 0 };
      const found = [...errors];
      for (const rows of slices) {
        const written = await writeRows({ tx, changed: count }, deps, rows, { language, timeZone });
        counts = addCounts(counts, written);
        found.push(...written.errors);
        refusals.push(...written.refusals);
        await nextTurn();
      }
      found.sort((a, b) => a.row - b.row);
      const { created, merged, unchanged } = counts;
      if (changes > 0)
        about({ type: 'User', id: ownerId }, { created, merged, refused: badRows, errors: found.length });
      const updated = merged + unchanged;
      return { ...counts, updated, refused: badRows, errors: found, ignoredColumns } satisfies ImportedLeads;
    },
  });
  await cancelCallsTo(deps, refusals);
  return imported;
}

/** The threads that read files, for two users at a time: 10,000 rows take a second or two. */
const THREADS: ThreadFile<LeadFileTasks> = { url: new URL('./thread.ts', import.meta.url), size: 2, heapMb: 256 };

/** Returns the valid rows of a file in slices, and the errors of the others. Throws BadUserInput, Unavailable. */
async function readFile(deps: Deps, csv: string, language: string) {
  const slices: LeadRow[][] = [];
  const request = { csv, language, ...(await readingRules(deps)) };
  const file = await runInThread(deps, THREADS, 'readLeadFile', request, {
    onProgress: (rows: LeadRow[]) => void slices.push(rows),
  });
  if ('refused' in file) throw new BadUserInput('input.csv', file.refused);
  return { ...file, slices };
}
