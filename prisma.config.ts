import { defineConfig } from 'prisma/config';

// Prisma's CLI fetches a schema engine that these commands never start; naming any executable keeps it offline.
if (/\b(generate|validate|format)\b/.test(process.argv.join(' '))) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
}

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}),
});
