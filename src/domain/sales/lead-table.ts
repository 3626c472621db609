import type { Lead } from '#generated/prisma/client.ts';

/** A column of leads: its SQL name and type, when an import writes it, and whether an export includes it. */
type LeadColumn = { sql: string; type: string; imported: 'always' | 'when new' | 'never'; exported: boolean };

/** A column with data about the lead. */
const said = (sql: string, type = 'text'): LeadColumn => ({ sql, type, imported: 'always', exported: true });

/** The columns by their properties, in the order of an export. A new property does not compile until it is listed here or excluded. */
const LEAD_COLUMNS = {
  id: { sql: 'id', type: 'uuid', imported: 'when new', exported: false },
  ownerId: { sql: 'owner_id', type: 'uuid', imported: 'when new', exported: false },
  name: said('name'),
  // Imports match leads by it.
  phone: { sql: 'phone', type: 'text', imported: 'when new', exported: true },
  email: said('email'),
  company: said('company'),
  language: said('language'),
  timeZone: said('time_zone'),
  status: said('status', 'lead_status'),
  source: said('source'),
  notes: said('notes'),
  tags: said('tags', 'text[]'),
  consentAt: said('consent_at', 'timestamptz'),
  consentReference: said('consent_reference'),
  registryCheckedAt: said('registry_checked_at', 'timestamptz'),
  registryReference: said('registry_reference'),
  attempts: { sql: 'attempts', type: 'int', imported: 'never', exported: true },
  lastAttemptAt: { sql: 'last_attempt_at', type: 'timestamptz', imported: 'never', exported: true },
  createdAt: { sql: 'created_at', type: 'timestamptz', imported: 'when new', exported: true },
  updatedAt: { sql: 'updated_at', type: 'timestamptz', imported: 'always', exported: false },
} satisfies Record<Exclude<keyof Lead, MadeByDatabase>, LeadColumn>;

type MadeByDatabase = 'searchText';

const columns = Object.entries<LeadColumn>(LEAD_COLUMNS).map(([property, column]) => ({ property, ...column }));

/** The columns that an import sets on a new lead. */
export const INSERTED_COLUMNS = columns.filter(({ imported }) => imported !== 'never');
/** The columns that an import changes on an existing lead. */
export const UPDATED_COLUMNS = columns.filter(({ imported }) => imported === 'always');
export const EXPORTED_COLUMNS = columns.filter(({ exported }) => exported);
