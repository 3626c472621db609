import type { Lead } from '#generated/prisma/client.ts';

/** A column of leads: what SQL calls it, its type, when an import writes it, and whether an export has it. */
type LeadColumn = { sql: string; type: string; imported: 'always' | 'when new' | 'never'; exported: boolean };

/** One that says something of the lead. */
const said = (sql: string, type = 'text'): LeadColumn => ({ sql, type, imported: 'always', exported: true });

/** By their properties, in the order in which an export has them. A new one does not compile until it is listed, or left out. */
const LEAD_COLUMNS = {
  id: { sql: 'id', type: 'uuid', imported: 'when new', exported: false },
  ownerId: { sql: 'owner_id', type: 'uuid', imported: 'when new', exported: false },
  name: said('name'),
  // An import finds leads by it.
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

/** Those that an import gives a lead that it creates. */
export const INSERTED_COLUMNS = columns.filter(({ imported }) => imported !== 'never');
/** Those that an import changes of a lead that is there. */
export const UPDATED_COLUMNS = columns.filter(({ imported }) => imported === 'always');
/** Those that an export has. */
export const EXPORTED_COLUMNS = columns.filter(({ exported }) => exported);
