import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, expect, it, vi } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { completeLedger } from '#domain/operations/erasure/complete-ledger.ts';
import { applyLedger, eraseUserNow } from '#domain/operations/erasure/erase-user.ts';
import { readLedger, recordErasure } from '#domain/operations/erasure/erasure-ledger.ts';
import { eraseByOperator, requestErasure } from '#domain/operations/erasure/request-erasure.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeConversation, makeEpisode, makeLead } from '../support/fixtures.ts';
import { followToEnd } from '../support/jobs.ts';
import { EraseUser, SaveMemory } from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { OF_THIS_DATABASE } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const directory = mkdtempSync(join(tmpdir(), 'parley-ledger-'));
afterAll(() => rmSync(directory, { recursive: true }));

describeOnEachDatabase((on) => {
  const app = useParley({ on, env: { BACKUP_DIR: join(directory, `${on}-app`) } });
  const counts = { conversations: 1, messages: 3, episodes: 1, leads: 1, memories: 1, apiKeys: 1, users: 1 };

  it('counts, then erases a user with all that is theirs, and nobody else; the audit keeps what was done', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    for (const owner of [ann, bob]) {
      await makeConversation(owner, 3);
      await makeEpisode(owner);
      await makeLead(owner);
      await owner.ask(SaveMemory, { input: { content: 'המפתח מתחת לשטיח.' } });
    }
    const dryRun = await ann.ask(EraseUser, { input: { userId: ann.id, dryRun: true } });
    expect(dryRun.eraseUser).toMatchObject({ counts, job: null });
    const stranger = await bob.send(EraseUser, { input: { userId: ann.id, dryRun: false } });
    expect(stranger.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);

    const { eraseUser } = await ann.ask(EraseUser, { input: { userId: ann.id, dryRun: false } });
    const job = await followToEnd(app.admin, eraseUser?.job?.id as string);

    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { erased: counts } });
    expect((await ann.send('{ viewer { id } }')).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const others = await app.admin.ask(EraseUser, { input: { userId: bob.id, dryRun: true } });
    expect(others.eraseUser?.counts).toMatchObject(counts);
    const log = '{ auditLog(first: 100) { edges { node { action actor { username } ip detail } } } }';
    const { auditLog } = await app.admin.ask(log);
    expect(JSON.stringify(auditLog)).not.toContain(ann.username);
    const actions = auditLog.edges.map(({ node }: { node: { action: string } }) => node.action);
    expect(actions).toContain('user.erase');
    const ledger = readFileSync(join(directory, `${on}-app`, 'erased-users.jsonl'), 'utf8');
    expect(ledger).not.toContain(ann.username);
  }, 120_000);

  it('refuses to erase the last ADMIN', async () => {
    const { viewer } = await app.admin.ask('{ viewer { id } }');
    const { errors } = await app.admin.send(EraseUser, { input: { userId: viewer.id, dryRun: false } });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });
});

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on, env: { BACKUP_DIR: join(directory, on) } });

  async function makeMessages({ actor: { userId: ownerId } }: Deps, count: number): Promise<void> {
    const conversationId = uuidv7();
    const { prisma } = services.database;
    await prisma.conversation.create({ data: { id: conversationId, ownerId, lastSequence: count } });
    const row = (_: unknown, index: number) => ({
      ...{ id: uuidv7(), conversationId, ownerId, sequence: index + 1 },
      ...{ role: 'USER' as const, content: `message ${index}` },
    });
    await prisma.message.createMany({ data: Array.from({ length: count }, row) });
  }

  it('leaves an ADMIN where the last two are to be erased at once', async () => {
    await services.database.prisma.user.updateMany({ data: { role: 'USER' } });
    const admins = [await newUser('ADMIN'), await newUser('ADMIN')];
    const answers = await Promise.allSettled(
      admins.map((admin) => requestErasure(admin, { userId: admin.actor.userId, dryRun: false })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(answers).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ code: 'CONFLICT' }) });
  });

  it('takes rows with few below them many at a time, and those with many below them some at a time', async () => {
    const ann = await newUser();
    const { prisma, pool } = services.database;
    const ownerId = ann.actor.userId;
    await pool.query(
      `INSERT INTO leads (id, owner_id, name, phone, language, tags)
       SELECT gen_random_uuid(), $1, 'Dana', '+9725' || (40000000 + n), 'he', '{}' FROM generate_series(1, 600) n`,
      [ownerId],
    );
    for (let count = 0; count < 40; count += 1) await makeMessages(ann, 60);
    const query = vi.spyOn(pool, 'query');
    await eraseUserNow(services, ownerId, new AbortController().signal);
    const taken = (table: string) =>
      query.mock.calls.flatMap(([text, values]: unknown[]) =>
        String(text).includes(`AS key FROM "${table}"`) ? [(values as unknown[])[1]] : [],
      );
    expect({ leads: taken('leads'), conversations: taken('conversations') }).toEqual({
      leads: [20, 40, 80, 160, 250, 250, 250],
      conversations: [20, 20, 20],
    });
    query.mockRestore();
    expect(await prisma.lead.count({ where: { ownerId } })).toBe(0);
    expect(await prisma.message.count({ where: { ownerId } })).toBe(0);
  });

  it('goes on where it was broken off, however often, with more rows than one transaction deletes', async () => {
    const ann = await newUser();
    await makeMessages(ann, 2_500);
    let broken = 0;
    for (let steps = 2; ; steps += 7) {
      const done = await eraseUserNow(services, ann.actor.userId, abortAfter(steps)).then(
        () => true,
        () => false,
      );
      if (done) break;
      broken += 1;
    }
    expect(broken).toBeGreaterThan(2);
    expect(await services.database.prisma.message.count({ where: { ownerId: ann.actor.userId } })).toBe(0);
    expect(await services.database.prisma.user.count({ where: { id: ann.actor.userId } })).toBe(0);
    expect(await applyLedger(services)).toBe(0);
  }, 60_000);

  /** A signal that aborts when it is asked once more than so often. */
  function abortAfter(steps: number): AbortSignal {
    let asked = 0;
    const throwIfAborted = () => {
      asked += 1;
      if (asked > steps) throw new Error('killed');
    };
    return Object.assign(new AbortController().signal, { throwIfAborted });
  }

  it('reads a ledger that a killed process left half written', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    await recordErasure(services.backups, ann.actor.userId, new Date());
    appendFileSync(join(directory, on, 'erased-users.jsonl'), '{"userId":"0198');
    await recordErasure(services.backups, bob.actor.userId, new Date());
    expect(await applyLedger(services)).toBe(2);
  });

  it('completes a ledger that was lost by what the audit says, with whoever is gone, once', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    await eraseByOperator(ann, ann.actor.userId);
    await services.database.prisma.auditEntry.create({
      data: { id: uuidv7(), action: 'user.erase', subjectType: 'User', subjectId: bob.actor.userId },
    });
    rmSync(join(directory, on, 'erased-users.jsonl'));
    const complete = () => completeLedger(services.database.pool, services.backups, new Date());
    expect(await complete()).toBeGreaterThan(0);
    expect(await complete()).toBe(0);
    const ledger = await readLedger(services.backups);
    expect([ledger.includes(ann.actor.userId), ledger.includes(bob.actor.userId)]).toEqual([true, false]);
  });
});

const { services, database, newUser } = useServices();

it('counts what there is before it locks anything: whoever has much to be counted keeps nobody waiting', async () => {
  const admin = await newUser('ADMIN');
  const ann = await newUser();
  const [counting, other] = [new pg.Client(database.url), new pg.Client(database.url)];
  await Promise.all([counting.connect(), other.connect()]);
  await counting.query('BEGIN');
  await counting.query('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
  const requested = requestErasure(admin, { userId: ann.actor.userId, dryRun: false });
  await until(
    () =>
      other.query(
        `SELECT count(*)::int AS waiting FROM pg_locks WHERE relation = 'messages'::regclass AND NOT granted AND ${OF_THIS_DATABASE}`,
      ),
    ({ rows }) => rows[0].waiting > 0,
  );
  const { rowCount } = await other.query('SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [
    ann.actor.userId,
  ]);
  await counting.query('COMMIT');
  expect(rowCount).toBe(1);
  expect((await requested).job).toMatchObject({ kind: 'ERASE_USER', status: 'QUEUED' });
  await Promise.all([counting.end(), other.end()]);
});

it('every foreign key has an index that begins with it, so that no deletion reads a whole table', async () => {
  const { rows } = await services.database.pool.query(`
    SELECT c.conrelid::regclass::text AS table, a.attname AS column FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])`);
  expect(rows).toEqual([]);
});
