import pg from 'pg';
import { readKeptFields } from './caching-fields.ts';

/** Tables whose rows answers are kept of, by their types, and the column that says whose a row is. */
const OWNERS: Record<string, { table: string; owner: string }> = {
  User: { table: 'users', owner: 'id' },
  Conversation: { table: 'conversations', owner: 'owner_id' },
  Message: { table: 'messages', owner: 'owner_id' },
  Memory: { table: 'memories', owner: 'owner_id' },
};

const toColumn = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The columns that fields expose which the response cache keeps, by type. */
function readKeptColumns(): Map<string, string[]> {
  return new Map(
    readKeptFields().types.map(({ type, fields }) => [
      type,
      fields.flatMap(({ isKept, property }) => (isKept && property !== null ? [toColumn(property)] : [])),
    ]),
  );
}

/**
 * Watches every transaction of a database from now on. Returns what lists those that changed something which answers are kept of,
 * and did not raise its owner's revision: by then, what is kept would be served although it is older. A reply's text as it grows is
 * left out, as answers with it are not kept.
 */
export async function watchUnrevisedWrites(databaseUrl: string): Promise<{ list(): Promise<string[]> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`
    CREATE TABLE unrevised_writes (what text NOT NULL);
    CREATE FUNCTION note_unrevised() RETURNS trigger LANGUAGE plpgsql AS $body$
    DECLARE
      before jsonb := to_jsonb(OLD); after jsonb := to_jsonb(NEW); col text; changed text;
      owner uuid := coalesce(after ->> TG_ARGV[0], before ->> TG_ARGV[0])::uuid;
    BEGIN
      IF owner IS NULL OR NOT EXISTS (SELECT FROM users WHERE id = owner) THEN RETURN NULL; END IF;
      IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'users' THEN RETURN NULL; END IF;
      FOREACH col IN ARRAY string_to_array(TG_ARGV[1], ' ') LOOP
        CONTINUE WHEN before -> 'status' = '"STREAMING"' AND after -> 'status' = '"STREAMING"' AND col = 'content';
        IF before -> col IS DISTINCT FROM after -> col THEN changed := concat_ws(' ', changed, col); END IF;
      END LOOP;
      IF changed IS NOT NULL AND NOT EXISTS (
        SELECT FROM revisions WHERE user_id = owner AND xmin = pg_current_xact_id()::xid
      ) THEN INSERT INTO unrevised_writes VALUES (concat_ws(' ', TG_OP, TG_TABLE_NAME, changed)); END IF;
      RETURN NULL;
    END $body$`);
  const columns = readKeptColumns();
  for (const [type, { table, owner }] of Object.entries(OWNERS)) {
    await client.query(`CREATE CONSTRAINT TRIGGER note_unrevised AFTER INSERT OR UPDATE OR DELETE ON ${table}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_unrevised('${owner}', '${columns.get(type)?.join(' ')}')`);
  }
  await client.end();
  return {
    async list() {
      const reader = new pg.Client({ connectionString: databaseUrl });
      await reader.connect();
      const { rows } = await reader.query<{ what: string }>('SELECT DISTINCT what FROM unrevised_writes');
      await reader.end();
      return rows.map(({ what }) => what);
    },
  };
}
