import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { useCleanup } from '../support/cleanup.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, HealthNow, Messages } from '../support/operations.ts';
import { type Parley, spawnParley, startParley, type User } from '../support/parley.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { runScript } from '../support/run-script.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const cleanup = useCleanup();
let primary: PostgresServer;
let replica: PostgresServer;
let proxy: TcpProxy;
let parley: Parley;
let ann: User;
let bob: User;
let env: Record<string, string>;

/** Started once: the tests leave it as it was. */
beforeAll(async () => {
  primary = await startPostgres();
  cleanup.defer(() => primary.stop());
  replica = await primary.startReplica();
  const through = await startProxy(replica.url);
  proxy = through.proxy;
  cleanup.defer(() => proxy.close());
  env = { DATABASE_URL: primary.url, DATABASE_REPLICA_URL: through.url };
  // Replay is paused for as long as a test takes.
  parley = await startParley({ ...env, DATABASE_REPLICA_MAX_LAG_SECONDS: '3600' });
  cleanup.defer(() => parley.stop());
  [ann, bob] = [await parley.user(), await parley.user()];
}, 120_000);

async function ask(server: PostgresServer, text: string): Promise<any> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(text)).rows[0];
  } finally {
    await client.end();
  }
}

async function healthOf({ admin }: Parley, name: string) {
  const { health } = await admin.ask(HealthNow);
  return health.components.find((component) => component.name === name) as { status: string; details: any };
}

/** How many queries have been read from each place, by the metrics. */
async function readsOf({ url, admin }: Parley): Promise<{ replica: number; primary: number; lag: number | null }> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${admin.key}` } });
  const text = await response.text();
  const read = (name: string) => {
    const found = text.split('\n').find((line) => line.startsWith(`${name} `));
    return found === undefined ? null : Number(found.split(' ')[1]);
  };
  const [fromReplica, fromPrimary] = ['replica', 'primary'].map((place) =>
    read(`parley_replica_reads_total{place="${place}"}`),
  );
  return { replica: fromReplica ?? 0, primary: fromPrimary ?? 0, lag: read('parley_replica_lag_seconds') };
}

/** What `work` reads from each place. */
async function countReads(work: () => Promise<unknown>) {
  const before = await readsOf(parley);
  await work();
  const after = await readsOf(parley);
  return { replica: after.replica - before.replica, primary: after.primary - before.primary };
}

/** Reads until all of it was read from the replica: one that is slower for a moment, as on a busy machine, is not waited for. */
const readThere = (work: () => Promise<unknown>, reads = 1) =>
  until(
    () => countReads(work),
    (counted) => counted.replica === reads && counted.primary === 0,
  );

const messagesOf = async (client: Client, id: string) => {
  const { conversation } = await client.ask(Messages, { id, last: 10 });
  return conversation?.messages.edges.map(({ node }) => node.content);
};
const say = (client: Client, conversationId: string, content: string) =>
  client.ask(AddMessage, { input: { conversationId, role: 'USER', content } });

/** Until the replica has all that the primary has. */
async function caughtUp(): Promise<void> {
  const { position } = await ask(primary, 'SELECT pg_current_wal_insert_lsn()::text AS position');
  const isThere = `SELECT pg_last_wal_replay_lsn() >= '${position}' AS there`;
  await until(
    async () => (await ask(replica, isThere)).there,
    (there) => there,
  );
}

const inUse = (server = parley) =>
  until(
    async () => (await healthOf(server, 'replica')).status,
    (status) => status === 'HEALTHY',
  );

async function setOnReplica(setting: string): Promise<void> {
  await ask(replica, `ALTER SYSTEM SET ${setting}`);
  await ask(replica, 'SELECT pg_reload_conf()');
}

/** Takes all connections that a server has, and each that becomes free, until they are released. */
function takeAllConnections(connectionString: string) {
  const open: pg.Client[] = [];
  let isTaking = true;
  let isFull = false;
  const take = async () => {
    while (isTaking) {
      const client = new pg.Client({ connectionString });
      client.on('error', () => {});
      try {
        await client.connect();
        open.push(client);
      } catch {
        isFull = true;
        await sleep(20); // whoever else waits for a connection tries each second
      }
    }
  };
  const taking = [take(), take(), take()];
  return {
    isFull: () => isFull,
    async release() {
      isTaking = false;
      await Promise.all(taking);
      await Promise.all(open.splice(0).map((client) => client.end()));
    },
  };
}

/** Reads a hundred messages again and again, until it is stopped; returns how often. Throws where they are fewer. */
function keepReading(id: string): { stop: () => void; stopped: Promise<number> } {
  let stopping = false;
  const readOn = async () => {
    let count = 0;
    for (; !stopping; count += 1) {
      const { conversation } = await ann.ask(Messages, { id, last: 100 });
      expect(conversation?.messages.edges).toHaveLength(100);
    }
    return count;
  };
  const stopped = Promise.all(Array.from({ length: 10 }, readOn));
  stopped.catch(() => {});
  return {
    stop: () => {
      stopping = true;
    },
    stopped: stopped.then((counts) => counts.reduce((sum, count) => sum + count, 0)),
  };
}

/** What `parley doctor` says. */
async function examine(settings: Record<string, string>): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-doctor-'));
  cleanup.defer(() => rmSync(directory, { recursive: true }));
  const main = join(import.meta.dirname, '../../bin/parley.js');
  return (await runScript(main, ['doctor'], { DATA_DIR: directory, BACKUP_DIR: directory, ...settings })).output;
}

/** Tables of the replica that the primary has locked. */
const LOCKED = `SELECT count(*)::int AS count FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'messages'::regclass`;
/** Ends what waits for a lock on the replica, as a timeout does. */
const CANCEL = `SELECT count(pg_cancel_backend(pid))::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'parley'`;

/** Until so many more queries were read from the replica. */
async function untilReadThere(more: number): Promise<void> {
  const { replica: before } = await readsOf(parley);
  await until(
    async () => (await readsOf(parley)).replica,
    (now) => now > before + more,
  );
}

describe('a server with a replica', () => {
  it('reads what is the own of its viewer there, and everything else from the primary', async () => {
    const id = await makeConversation(ann, 3);
    await caughtUp();
    await inUse();
    const scans = 'SELECT sum(idx_scan + seq_scan)::int AS count FROM pg_stat_user_tables';
    await readThere(async () => {
      expect(await messagesOf(ann, id)).toEqual(['message 1', 'message 2', 'message 3']);
      expect(await ann.ask('{ searchMemories(query: "bread") { found matches { score } } }')).toMatchObject({
        searchMemories: { found: false },
      });
      expect(await ann.follow(Messages as never, { id, last: 1 }).take(1)).toMatchObject([{ conversation: {} }]);
    }, 3);
    // PostgreSQL tells a second later what a session has done.
    await until(
      async () => (await ask(replica, scans)).count,
      (count) => count > 0,
    );
    const others = await countReads(async () => {
      await ann.ask('{ health { status } jobs { totalCount } episodes { totalCount } }');
      await say(ann, id, 'four');
    });
    expect(others).toEqual({ replica: 0, primary: 0 });
    expect((await readsOf(parley)).lag).toBeGreaterThanOrEqual(0);
  });

  it('reads what its viewer has just written, whatever the replica has, and the rest from there', async () => {
    const [ofAnn, ofBob] = [await makeConversation(ann, 1), await makeConversation(bob, 1)];
    await caughtUp();
    await inUse();
    await ask(replica, 'SELECT pg_wal_replay_pause()');
    onTestFinished(async () => void (await ask(replica, 'SELECT pg_wal_replay_resume()')));
    const reads = await countReads(async () => {
      for (let turn = 1; turn <= 20; turn += 1) {
        await say(ann, ofAnn, `said ${turn}`);
        expect((await messagesOf(ann, ofAnn))?.at(-1)).toBe(`said ${turn}`);
        expect(await messagesOf(bob, ofBob)).toEqual(['message 1']);
      }
    });
    expect(reads.replica + reads.primary).toBe(40);
    expect(reads.primary).toBeGreaterThanOrEqual(20);
    expect(reads.replica).toBeGreaterThan(0);
    await ask(replica, 'SELECT pg_wal_replay_resume()');
    await caughtUp();
    await readThere(() => messagesOf(ann, ofAnn));
  });

  it('reads a reply that grows from the primary, as no revision tells of each word', async () => {
    const id = await makeConversation(ann, 2);
    const newest = `content = 'message 2' AND owner_id = (SELECT id FROM users WHERE username = '${ann.username}')`;
    await ask(primary, `UPDATE messages SET status = 'STREAMING' WHERE ${newest}`);
    await caughtUp();
    await inUse();
    await ask(replica, 'SELECT pg_wal_replay_pause()');
    onTestFinished(async () => void (await ask(replica, 'SELECT pg_wal_replay_resume()')));
    await ask(primary, `UPDATE messages SET content = 'message 2 grows' WHERE ${newest}`);
    await readThere(async () => expect(await messagesOf(ann, id)).toEqual(['message 1', 'message 2 grows']));
  });

  it('counts a long reply that grows once, though it is read twice', async () => {
    const eve = await parley.user();
    const id = await makeConversation(eve, 2);
    const newest = `content = 'message 2' AND owner_id = (SELECT id FROM users WHERE username = '${eve.username}')`;
    await ask(primary, `UPDATE messages SET status = 'STREAMING', content = repeat('word ', 1800000) WHERE ${newest}`);
    await caughtUp();
    await inUse();
    await readThere(async () =>
      expect((await messagesOf(eve, id))?.map((content) => content.length)).toEqual([9, 9_000_000]),
    );
  });

  it('never reads less than was acknowledged, by several writers and readers at once', async () => {
    const ids = await Promise.all([ann, ann, bob, bob].map((client) => makeConversation(client)));
    await caughtUp();
    await inUse();
    const reads = await countReads(() =>
      Promise.all(
        ids.map(async (id, index) => {
          const client = index < 2 ? ann : bob;
          for (let turn = 1; turn <= 40; turn += 1) {
            await say(client, id, `said ${turn}`);
            const { conversation } = await client.ask(Messages, { id, last: 2 });
            expect(conversation).toMatchObject({ messageCount: turn });
            expect(conversation?.messages.edges.at(-1)?.node.content).toBe(`said ${turn}`);
          }
        }),
      ),
    );
    expect(reads.replica + reads.primary).toBe(160);
  });

  it('does not read from one that lags by more than it may, and says so', async () => {
    const other = await startParley({ ...env, DATABASE_REPLICA_MAX_LAG_SECONDS: '1' });
    onTestFinished(async () => void (await other.stop()));
    const id = await makeConversation(ann, 1);
    await caughtUp();
    await inUse(other);
    await ask(replica, 'SELECT pg_wal_replay_pause()');
    onTestFinished(async () => void (await ask(replica, 'SELECT pg_wal_replay_resume()')));
    await say(ann, id, 'two');
    const warning = 'replica: The replica is not read from: it is more than 1 s behind. The primary answers all.';
    const warnings = async () => (await other.admin.ask('{ health { warnings } }')).health.warnings;
    await until(warnings, (told) => told.includes(warning));
    const before = await readsOf(other);
    await messagesOf(other.as(bob), await makeConversation(bob, 1));
    expect(await readsOf(other)).toMatchObject({ replica: before.replica, primary: before.primary + 1 });
    expect(before.lag).toBeGreaterThan(1);
    await ask(replica, 'SELECT pg_wal_replay_resume()');
    await inUse(other);
  });

  it('reads again from the primary what the recovery cancels', async () => {
    const eve = await parley.user();
    const insert = `INSERT INTO conversations (id, owner_id, title, last_activity_at, updated_at)
      SELECT gen_random_uuid(), id, repeat('title ', 30), now(), now() FROM users, generate_series(1, 20000) WHERE username = '${eve.username}'`;
    await ask(primary, insert);
    await caughtUp();
    await inUse();
    await setOnReplica('max_standby_streaming_delay = 0');
    onTestFinished(() => setOnReplica('max_standby_streaming_delay = DEFAULT'));
    let reading = true;
    const readOn = async () => {
      while (reading) {
        const { conversations } = await eve.ask(
          '{ conversations(filter: { titleContains: "z" }) { totalCount edges { node { id } } } }',
        );
        expect(conversations).toEqual({ totalCount: 0, edges: [] });
      }
    };
    const read = Promise.all([readOn(), readOn(), readOn()]);
    const failed = async () => (await healthOf(parley, 'database')).details.queries.failed;
    const before = await failed();
    await until(
      async () => {
        await ask(primary, 'DO $$ BEGIN LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE; END $$');
        return failed();
      },
      (count) => count > before,
    );
    reading = false;
    await read;
  }, 60_000);

  it('does not read from one whose role may not read all, says why, and reads again once it may', async () => {
    await ask(primary, 'CREATE ROLE reader LOGIN');
    await ask(primary, 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader');
    await ask(primary, 'REVOKE SELECT ON messages FROM reader');
    await caughtUp();
    const ofReader = { ...env, DATABASE_REPLICA_URL: replica.url.replace('postgres@', 'reader@') };
    expect(await examine(ofReader)).toMatch(/^FAIL +replica +Its role may not read messages\. `GRANT SELECT/m);
    const other = await startParley(ofReader);
    onTestFinished(async () => void (await other.stop()));
    const id = await makeConversation(ann, 1);
    await caughtUp();
    await inUse(other);
    const ofAnn = other.as(ann);
    const warning =
      'replica: The replica is not read from: it refuses what it is asked: permission denied for table messages. The primary answers all.';
    await until(
      async () => {
        expect(await messagesOf(ofAnn, id)).toEqual(['message 1']);
        return (await other.admin.ask('{ health { warnings } }')).health.warnings;
      },
      (told) => told.includes(warning),
    );
    const logged = other.log.filter(({ msg }) => msg?.startsWith('the replica is not read from'));
    expect(logged).toMatchObject([{ msg: expect.stringContaining('permission denied for table messages') }]);
    await ask(primary, 'GRANT SELECT ON messages TO reader');
    await caughtUp();
    expect(await examine(ofReader)).toMatch(
      /^ok +replica +It follows the database, and its role may read all \d+ tables\./m,
    );
    const { replica: before } = await readsOf(other);
    await until(
      async () => {
        expect(await messagesOf(ofAnn, id)).toEqual(['message 1']);
        return (await readsOf(other)).replica;
      },
      (reads) => reads > before + 5,
    );
    await inUse(other);
  }, 60_000);

  it('reads from the primary again what took longer than it may', async () => {
    const id = await makeConversation(ann, 1);
    await caughtUp();
    await inUse();
    await readThere(() => messagesOf(ann, id));
    const holder = new pg.Client({ connectionString: primary.url });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('BEGIN; LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
    await until(
      async () => (await ask(replica, LOCKED)).count,
      (count) => count > 0,
    );
    const refused = ann.send(Messages, { id, last: 10 });
    await until(
      async () => (await ask(replica, CANCEL)).count,
      (count) => count > 0,
    );
    expect((await refused).errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    await holder.query('ROLLBACK');
    expect(await countReads(() => messagesOf(ann, id))).toEqual({ replica: 0, primary: 1 });
    await readThere(() => messagesOf(ann, id));
  }, 60_000);

  it('does not read from one whose clock is another', async () => {
    await ask(primary, 'CREATE SCHEMA other_clock');
    await ask(
      primary,
      `CREATE FUNCTION other_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$
        SELECT pg_catalog.clock_timestamp() - CASE WHEN pg_is_in_recovery() THEN interval '5 s' ELSE interval '0' END $$`,
    );
    await caughtUp();
    const options = encodeURIComponent('-c search_path=other_clock,pg_catalog,public');
    const other = await startParley({ ...env, DATABASE_REPLICA_URL: `${replica.url}?options=${options}` });
    onTestFinished(async () => void (await other.stop()));
    const [told] = await until(
      async () => (await other.admin.ask('{ health { warnings } }')).health.warnings as string[],
      (warnings) => warnings.some((warning) => warning.startsWith('replica:')),
    ).then((warnings) => warnings.filter((warning) => warning.startsWith('replica:')));
    expect(told).toContain('its clock and that of the primary are 5 s apart');
    const id = await makeConversation(ann, 1);
    await caughtUp();
    expect(await messagesOf(other.as(ann), id)).toEqual(['message 1']);
    expect(await readsOf(other)).toMatchObject({ replica: 0 });
  }, 60_000);

  it('ends though the replica hangs', async () => {
    const other = await startParley(env);
    onTestFinished(async () => void (await other.stop()));
    const id = await makeConversation(ann, 1);
    await caughtUp();
    await inUse(other);
    expect(await messagesOf(other.as(ann), id)).toEqual(['message 1']);
    proxy.freeze();
    onTestFinished(() => proxy.thaw());
    expect(await other.stop()).toBe(0);
  }, 30_000);

  it.each([
    ['is killed', async () => replica.kill(), async () => replica.restartAtOnce()],
    ['hangs', async () => proxy.freeze(), async () => proxy.thaw()],
  ])(
    'nobody notices that it %s, but the health',
    async (_what, fail, mend) => {
      const id = await makeConversation(ann, 100);
      await caughtUp();
      await inUse();
      const { stop, stopped } = keepReading(id);
      await untilReadThere(50);
      await fail();
      await until(
        async () => (await healthOf(parley, 'replica')).status,
        (status) => status === 'DEGRADED',
      );
      const { primary: before } = await readsOf(parley);
      await until(
        async () => (await readsOf(parley)).primary,
        (now) => now > before + 50,
      );
      expect((await healthOf(parley, 'database')).status).toBe('HEALTHY');
      await mend();
      await inUse();
      await untilReadThere(50);
      stop();
      expect(await stopped).toBeGreaterThan(100);
    },
    60_000,
  );

  it('reads from the primary while it answers slowly, and from it again when it is as quick as before', async () => {
    const id = await makeConversation(ann, 3);
    await caughtUp();
    await inUse();
    await readThere(() => messagesOf(ann, id));
    proxy.slow(300);
    onTestFinished(() => proxy.slow(0));
    const reads = await countReads(async () => {
      for (let turn = 0; turn < 10; turn += 1)
        expect(await messagesOf(ann, id)).toEqual(['message 1', 'message 2', 'message 3']);
    });
    expect(reads).toEqual({ replica: 0, primary: 10 });
    proxy.slow(0);
    await inUse();
    await readThere(() => messagesOf(ann, id));
  }, 60_000);

  it('answers all of many at once while few connections to it are slow', async () => {
    const other = await startParley({ ...env, DATABASE_POOL_SIZE: '2', DATABASE_REPLICA_MAX_LAG_SECONDS: '3600' });
    onTestFinished(async () => void (await other.stop()));
    const id = await makeConversation(ann, 3);
    await caughtUp();
    await inUse(other);
    proxy.slow(30);
    onTestFinished(() => proxy.slow(0));
    const { replica: before } = await readsOf(other);
    await until(
      async () => {
        const all = await Promise.all(Array.from({ length: 60 }, () => messagesOf(other.as(ann), id)));
        for (const messages of all) expect(messages).toEqual(['message 1', 'message 2', 'message 3']);
        return (await readsOf(other)).replica;
      },
      (reads) => reads > before,
    );
  }, 60_000);

  it('starts, and answers, while it takes no more connections, and reads from it when it does', async () => {
    const taken = takeAllConnections(replica.url);
    onTestFinished(() => taken.release());
    await until(async () => taken.isFull(), Boolean);
    const other = await startParley({ ...env, DATABASE_REPLICA_MAX_LAG_SECONDS: '3600' });
    onTestFinished(async () => void (await other.stop()));
    const warnings = async () => (await other.admin.ask('{ health { warnings } }')).health.warnings as string[];
    const told = await until(warnings, (all) => all.some((warning) => warning.startsWith('replica:')));
    expect(told.find((warning) => warning.startsWith('replica:'))).toMatch(
      /is not read from: .* The primary answers all\.$/,
    );
    const ofAnn = other.as(ann);
    const id = await makeConversation(ofAnn, 2);
    expect(await messagesOf(ofAnn, id)).toEqual(['message 1', 'message 2']);
    expect((await readsOf(other)).replica).toBe(0);
    await taken.release();
    await inUse(other);
    await caughtUp();
    await until(
      async () => {
        expect(await messagesOf(ofAnn, id)).toEqual(['message 1', 'message 2']);
        return (await readsOf(other)).replica;
      },
      (reads) => reads > 0,
    );
  }, 180_000);

  it('nobody notices that its connections are lost', async () => {
    const id = await makeConversation(ann, 100);
    await caughtUp();
    await inUse();
    const { stop, stopped } = keepReading(id);
    await untilReadThere(50);
    proxy.lose();
    onTestFinished(() => proxy.cut());
    await untilReadThere(500);
    stop();
    expect(await stopped).toBeGreaterThan(500);
  }, 60_000);

  it('does not read from a server that is none of the primary, and says so', async () => {
    const promoted = await primary.startReplica();
    const other = await startParley({ ...env, DATABASE_REPLICA_URL: promoted.url });
    onTestFinished(async () => void (await other.stop()));
    await inUse(other);
    await ask(promoted, 'SELECT pg_promote()');
    expect(await examine({ ...env, DATABASE_REPLICA_URL: promoted.url })).toMatch(/^FAIL +replica +It is no replica/m);
    const found = await until(
      async () => (await other.admin.ask('{ health { warnings } }')).health.warnings,
      (told) => told.some((warning: string) => warning.startsWith('replica:')),
    );
    expect(found).toContainEqual(expect.stringContaining('it is no replica: it takes writes itself'));
    const ofAnn = other.as(ann);
    expect(await messagesOf(ofAnn, await makeConversation(ofAnn, 1))).toEqual(['message 1']);
    expect((await readsOf(other)).primary).toBe(1);
  }, 60_000);
});

it('the embedded database has no replica', async () => {
  const refused = spawnParley({ DATABASE_REPLICA_URL: 'postgres://somewhere/parley' });
  expect(await refused.ended).toBe(1);
  expect(refused.output.join('\n')).toContain(
    'DATABASE_REPLICA_URL: needs DATABASE_URL, as the embedded database has no replica',
  );
});
