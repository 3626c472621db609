import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { NotSetUp } from './errors.ts';

/** The documents of a file by their ids, and a hash of the file. */
export type PersistedDocuments = { byId: ReadonlyMap<string, string>; fingerprint: string };

const DOCUMENTS = z.record(z.string(), z.string());
/** As Apollo's `generate-persisted-query-manifest` makes it. */
const APOLLO_MANIFEST = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

/**
 * Reads the file of PERSISTED_OPERATIONS: documents by their ids, as graphql-codegen and Relay write them, or Apollo's manifest.
 * Throws NotSetUp.
 */
export async function readPersistedDocuments(file: string): Promise<PersistedDocuments> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new NotSetUp(`PERSISTED_OPERATIONS cannot be read: ${error.message}`);
  });
  return { byId: parseManifest(text, file), fingerprint: hash('sha256', text, 'base64url') };
}

function parseManifest(text: string, file: string): ReadonlyMap<string, string> {
  try {
    const json: unknown = JSON.parse(text.replace(/^\ufeff/, '')); // editors put a byte order mark in front
    const apollo = APOLLO_MANIFEST.safeParse(json);
    if (apollo.success) return new Map(apollo.data.operations.map(({ id, body }) => [id, body]));
    return new Map(Object.entries(DOCUMENTS.parse(json)));
  } catch {
    throw new NotSetUp(
      `PERSISTED_OPERATIONS has to be a JSON object of documents by their ids, or Apollo's manifest; ${file} is neither.`,
    );
  }
}
