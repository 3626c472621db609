import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, inject, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeConversation } from '../support/fixtures.ts';
import { followToEnd } from '../support/jobs.ts';
import { createGate, useModelServer } from '../support/model-server.ts';
import { AddMessages, CreateBackup, CreateLead, EraseUser, Leads } from '../support/operations.ts';
import { ReplyReader, send } from '../support/replies.ts';
import { runScript } from '../support/run-script.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const model = await useModelServer();
const CLI = join(import.meta.dirname, '../../bin/parley.js');
const directory = mkdtempSync(join(tmpdir(), 'parley-backups-'));
const olderDatabases: string[] = [];
afterAll(async () => {
  rmSync(directory, { recursive: true });
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  for (const name of olderDatabases) await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  await admin.end();
});

const COUNT_ADMINS = `SELECT count(*)::int AS admins FROM users WHERE role = 'ADMIN'`;
const CHANGES = `query ($after: String!) { changes(after: $after) { reset } }`;
const MESSAGES = `query ($id: ID!) { conversation(id: $id) { messages(first: 100) { edges { node { content } } } } }`;

const listFiles = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describeOnEachDatabase((on) => {
  const env = { BACKUP_DIR: join(directory, on), LOG_LEVEL: 'warn' };
  const { database, start } = useProcesses({ on, env: { BACKUP_DIR: env.BACKUP_DIR, ...model.env } });
  const parley = (...args: string[]) => runScript(CLI, args, { ...env, ...database.env });
  const nameOfTarget = () =>
    on === 'postgres' ? new URL(database.url).pathname.slice(1) : (database.env.DATA_DIR as string);

  it('restores what was acknowledged, erases again who was erased since, and draws a new epoch', async () => {
    const files = join(database.env.DATA_DIR as string, 'files', 'media');
    const first = await start();
    const [ann, bob] = [await first.user(), await first.user()];
    const conversationId = await makeConversation(ann);
    await makeConversation(bob, 3);
    const gate = createGate('It was ', 'a dark ', 'and stormy night.');
    model.answer(gate.script);
    const { reply } = await send(ann, 'tell me a story');
    const reader = new ReplyReader(ann, reply.id);
    gate.open(1);
    await reader.waitForText('It was ');
    await ann.ask(CreateLead, { input: { name: 'Dana', phone: '+972522345678', tags: ['vip', 'new'] } });
    const { url } = await createUpload(bob, 10);
    await patch(bob, url, { offset: 0, body: Buffer.from('ID3 ') });
    expect(listFiles(files)).toHaveLength(1);
    cpSync(files, `${directory}/${on}-files`, { recursive: true });
    const say = (client: Client, content: string) =>
      client.ask(AddMessages, {
        input: { conversationId, messages: [{ role: 'USER', content }], idempotencyKey: content },
      });
    const acknowledged: string[] = [];
    let writing = true;
    const writer = async (name: string) => {
      for (let count = 0; writing; count++) {
        await say(ann, `${name} ${count}`);
        acknowledged.push(`${name} ${count}`);
      }
    };
    const writers = ['alef', 'ב'].map(writer);
    await until(
      async () => acknowledged.length,
      (count) => count >= 10,
    );
    const before = [...acknowledged];
    const { createBackup } = await first.admin.ask(CreateBackup, { input: { verify: true } });
    await followToEnd(first.admin, createBackup?.job.id as string);
    writing = false;
    await Promise.all(writers);
    gate.open(1);
    await reader.waitForText('It was a dark ');
    await reader.leave();
    const { viewer } = await ann.ask('{ viewer { changeCursor } }');
    const erased = await first.admin.ask(EraseUser, { input: { userId: bob.id, dryRun: false } });
    expect(erased.eraseUser?.counts).toMatchObject({ conversations: 1, messages: 3 });
    expect(await followToEnd(first.admin, erased.eraseUser?.job?.id as string)).toMatchObject({ status: 'SUCCEEDED' });
    const [name = ''] = readdirSync(env.BACKUP_DIR).filter((entry) => !entry.endsWith('.jsonl'));
    const refusedWhileOpen = await parley('backup', 'restore', name, '--database', nameOfTarget());
    expect(refusedWhileOpen).toMatchObject({
      code: 1,
      output: expect.stringMatching(/connections to it are open|is in use by process/),
    });
    await first.stop();
    rmSync(join(env.BACKUP_DIR, 'erased-users.jsonl')); // the audit of the database that is replaced has it, too

    expect(listFiles(files)).toEqual([]);
    cpSync(`${directory}/${on}-files`, files, { recursive: true }); // as an operator does who restores the files, too
    const unnamed = await parley('backup', 'restore', name);
    expect(unnamed).toMatchObject({ code: 1, output: expect.stringContaining(`pass --database ${nameOfTarget()}`) });
    const wrong = await parley('backup', 'restore', name, '--database', 'another');
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was changed') });
    const restored = await parley('backup', 'restore', name, '--database', nameOfTarget());
    expect(restored).toMatchObject({ code: 0, output: expect.stringContaining('Users erased again: 1.') });
    olderDatabases.push(...(/kept as (\w+_before_\d+)/.exec(restored.output)?.slice(1) ?? []));

    expect(listFiles(files)).toEqual([]);
    const second = await start();
    const { leads } = await second.as(ann).ask(Leads, { filter: { tagsAny: ['new', 'vip'] } });
    expect([leads.totalCount, leads.edges.map(({ node }) => node.name)]).toEqual([1, ['Dana']]);
    const [annAgain, bobAgain] = [second.as(ann), second.as(bob)];
    expect((await annAgain.ask(CHANGES, { after: viewer.changeCursor })).changes.reset).toBe(true);
    expect((await bobAgain.send('{ viewer { id } }')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    for (const content of before) await say(annAgain, content);
    const { conversation } = await annAgain.ask(MESSAGES, { id: conversationId });
    const contents = conversation.messages.edges.map(({ node }: { node: { content: string } }) => node.content);
    expect(new Set(contents).size).toBe(contents.length);
    for (const content of before) expect(contents).toContain(content);
    await say(annAgain, 'after');
    // Who has read more of a reply than the backup has of it is not shown the end of another text behind that.
    const resumed = new ReplyReader(annAgain, reply.id, { afterOffset: reader.offset });
    await resumed.waitForText('It was ');
    expect(resumed.chunks[0]).toMatchObject({ restarted: true });
    await second.stop();
  }, 300_000);

  it.runIf(on === 'postgres')(
    'refuses a backup whose file was changed, and one that a newer version wrote',
    async () => {
      const made = await parley('backup', 'create', '--no-verify');
      expect(made).toMatchObject({ code: 0, output: expect.stringContaining('never restored') });
      const [name = ''] = made.output.split('\t');
      const file = join(env.BACKUP_DIR, name, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      manifest.migrations.push({ name: '29990101000000_newer', checksum: '' });
      writeFileSync(file, JSON.stringify(manifest));
      const newer = await parley('backup', 'restore', name, '--database', nameOfTarget());
      expect(newer).toMatchObject({ code: 1, output: expect.stringContaining('A newer version of Parley wrote it') });
      const unproven = await parley('backup', 'verify', name);
      expect(unproven).toMatchObject({
        code: 1,
        output: expect.stringContaining('A newer version of Parley wrote it'),
      });
      expect(readFileSync(file, 'utf8')).toBe(JSON.stringify(manifest)); // nothing is held against it
      manifest.migrations.pop();
      writeFileSync(file, JSON.stringify(manifest));
      writeFileSync(join(env.BACKUP_DIR, name, 'data.gz'), 'half', { flag: 'a' });
      await sql(
        database,
        `INSERT INTO backups (id, created_at, name, size_bytes, uncompressed_bytes, duration_seconds)
         VALUES (gen_random_uuid(), now(), 'of another machine', 1, 1, 1)`,
      );
      const changed = await parley('backup', 'verify', name);
      expect(changed).toMatchObject({ code: 1, output: expect.stringContaining('Its file was changed') });
      const rows = await sql(database, 'SELECT name, verified FROM backups');
      expect(rows).toContainEqual({ name, verified: false });
      expect(rows).toContainEqual({ name: 'of another machine', verified: null });
      expect((await sql<{ admins: number }>(database, COUNT_ADMINS))[0]).toEqual({ admins: 1 });
    },
    300_000,
  );

  it.runIf(on === 'postgres')(
    'keeps what was there before beside a database with the longest name, each time under another one that exists',
    async () => {
      const own = `parley_${'ל'.repeat(28)}`; // 63 bytes
      const { href } = Object.assign(new URL(database.url), { pathname: `/${own}` });
      const there = (...args: string[]) =>
        runScript(CLI, args, { ...env, ...database.env, BACKUP_DIR: join(directory, 'long'), DATABASE_URL: href });
      await sql(database, `CREATE DATABASE "${own}" TEMPLATE ${inject('templateDatabase')}`);
      olderDatabases.push(`"${own}"`);
      const [name = ''] = (await there('backup', 'create', '--no-verify')).output.split('\t');
      const kept: string[] = [];
      for (let times = 0; times < 2; times += 1) {
        const { code, output } = await there('backup', 'restore', name, '--database', own);
        const [, before = ''] = /kept as (\S+);/.exec(output) ?? [];
        expect({ code, before, output }).toMatchObject({ code: 0, before: expect.stringContaining('_before_') });
        kept.push(before);
      }
      olderDatabases.push(...kept.map((each) => `"${each}"`));
      const found = 'SELECT datname::text AS name FROM pg_database WHERE datname = ANY($1::text[])';
      const rows = await sql<{ name: string }>(database, found, [kept]);
      expect(new Set(rows.map((row) => row.name))).toEqual(new Set(kept));
      expect(new Set(kept).size).toBe(2);
      const { output } = await there('doctor');
      for (const each of kept) expect(output).toContain(each);
    },
    300_000,
  );

  it.runIf(on === 'postgres')(
    'changes nothing where something connects to the database during the restore, and says so',
    async () => {
      const made = await parley('backup', 'create', '--no-verify');
      const [name = ''] = made.output.split('\t');
      const [before] = await sql<{ admins: number }>(database, COUNT_ADMINS);
      const restoring = parley('backup', 'restore', name, '--database', nameOfTarget());
      const admin = new pg.Client({ connectionString: inject('adminUrl') });
      const late = new pg.Client({ connectionString: database.url });
      await admin.connect();
      const begun = 'SELECT FROM pg_database WHERE starts_with(datname::text, $1)';
      await until(
        () => admin.query(begun, [`${nameOfTarget()}_restored_`]),
        ({ rowCount }) => rowCount === 1,
      );
      await late.connect();
      const { code, output } = await restoring;
      await late.end();
      expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was changed: some') });
      expect((await admin.query(begun, [`${nameOfTarget()}_restored_`])).rowCount).toBe(0);
      await admin.end();
      expect(await sql(database, COUNT_ADMINS)).toEqual([before]);
    },
    300_000,
  );

  it.runIf(on === 'embedded')(
    'restores into a data directory where there was nothing, keeps none, and says what of a backup cannot be read',
    async () => {
      const elsewhere = { ...env, BACKUP_DIR: join(directory, 'elsewhere'), DATA_DIR: join(directory, 'new-machine') };
      const [name = ''] = readdirSync(env.BACKUP_DIR).filter((entry) => !entry.endsWith('.jsonl'));
      cpSync(join(env.BACKUP_DIR, name), join(elsewhere.BACKUP_DIR, name), { recursive: true });
      cpSync(join(env.BACKUP_DIR, name), join(elsewhere.BACKUP_DIR, 'unreadable'), { recursive: true });
      writeFileSync(join(elsewhere.BACKUP_DIR, 'unreadable', 'manifest.json'), '{');
      const there = (...args: string[]) => runScript(CLI, args, elsewhere);
      expect(await there('backup', 'restore', 'unreadable')).toMatchObject({
        code: 1,
        output: expect.stringContaining('has no manifest.json that can be read'),
      });
      expect((await there('backup', 'list')).output).toContain('unreadable\tIt has no manifest.json that can be read');
      const restored = await there('backup', 'restore', name);
      expect(restored).toMatchObject({ code: 0, output: expect.stringContaining(`Restored ${name}.`) });
      expect(restored.output).not.toContain('is kept as');
      expect(readdirSync(elsewhere.DATA_DIR).filter((entry) => entry.startsWith('postgres'))).toEqual(['postgres']);
    },
    120_000,
  );
});
