import type { Deps } from '#domain/core/deps.ts';
import { type IncomingFile, uploadForJob } from '#domain/core/upload-for-job.ts';
import { checkLanguage, checkTimeZone } from '#domain/sales/lead-columns.ts';
import { DEFAULT_LANGUAGE } from '#domain/sales/leads.ts';
import type { Job } from '#generated/prisma/client.ts';

/** What a file of leads does not say about itself. */
export type LeadFileDefaults = {
  charset: string | null;
  defaultLanguage: string | null;
  defaultTimeZone: string | null;
};

/**
 * Stores a file of leads, and enqueues the job that imports it (import-lead-file.ts), which it returns. Safe to repeat with the same
 * idempotency key. Throws BadUserInput, and what `uploadForJob` throws.
 */
export async function uploadLeads(deps: Deps, defaults: LeadFileDefaults, file: IncomingFile): Promise<Job> {
  const settings = {
    charset: defaults.charset,
    language: checkLanguage('defaultLanguage', defaults.defaultLanguage ?? DEFAULT_LANGUAGE),
    timeZone: checkTimeZone('defaultTimeZone', defaults.defaultTimeZone),
  };
  return uploadForJob(deps, { action: 'lead.upload', kind: 'IMPORT_LEADS', settings }, file);
}
