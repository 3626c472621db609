import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';

// Fails on changes of the API since the last release that break clients and have no line in docs/api/breaking-changes.md.
// `node scripts/breaking-changes.ts RELEASED CURRENT NOTES` compares other files.

const root = join(import.meta.dirname, '..');
const [
  released = join(root, 'docs/api/released.graphql'),
  current = join(root, 'schema.graphql'),
  notes = join(root, 'docs/api/breaking-changes.md'),
] = process.argv.slice(2);

const schemaOf = (file: string) => buildSchema(readFileSync(file, 'utf8'));
const noted = readFileSync(notes, 'utf8');
const changes = findBreakingChanges(schemaOf(released), schemaOf(current)).map(({ description }) => description);
const unnoted = changes.filter((description) => !noted.includes(description));
for (const description of unnoted)
  process.stderr.write(`This breaks clients: ${description} Keep it, deprecated, or note it in ${notes}.\n`);
process.exitCode = unnoted.length === 0 ? 0 : 1;
