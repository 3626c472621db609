import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scratchPrefix } from '#adapters/database/dump/scratch-databases.ts';
import { databaseNameOf, withServer } from '#adapters/database/dump/server-databases.ts';
import { listBackups } from '#domain/operations/backups/backup-directory.ts';
import { takeBackup } from '#domain/operations/backups/take-backup.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import { followToEnd } from '../support/jobs.ts';
import { AddMessages, CreateBackup } from '../support/operations.ts';
import { signalAndWait } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { runScript } from '../support/run-script.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';
import { useParley, useProcesses } from '../support/use-parley.ts';

const CLI = join(import.meta.dirname, '../../bin/parley.js');
const directory = mkdtempSync(join(tmpdir(), 'parley-backups-'));
afterAll(() => rmSync(directory, { recursive: true }));

const BACKUPS = '{ backups { id name createdAt sizeBytes compressionRatio durationSeconds verifiedAt verified } }';

/** Databases in which backups of one are, or were, being verified. */
function listCopies(url: string): Promise<string[]> {
  return withServer(url, async (client) => {
    const { rows } = await client.query(`SELECT datname FROM pg_database WHERE starts_with(datname::text, $1)`, [
      scratchPrefix(databaseNameOf(url)),
    ]);
    return rows.map(({ datname }) => datname);
  });
}

describeOnEachDatabase((on) => {
  const app = useParley({ on, env: { BACKUP_DIR: join(directory, on), BACKUP_KEEP: '1' } });

  it('takes a backup that restores, while others write, and leaves their session as it was', async () => {
    const ann = await app.user();
    await processToEnd(ann, await makeEpisode(ann));
    const conversationId = await makeConversation(ann, 250);
    let writing = true;
    const write = async () => {
      for (let count = 0; writing; count++) {
        const messages = [{ role: 'USER' as const, content: `שלום ${count} \u2028 "\\ \n\t` }];
        await ann.ask(AddMessages, { input: { conversationId, messages } });
      }
    };
    const writers = [write(), write(), write()];
    const jobs = [];
    for (const verify of [false, true]) {
      const { createBackup } = await app.admin.ask(CreateBackup, { input: { verify } });
      jobs.push(await followToEnd(app.admin, createBackup?.job.id as string));
    }
    writing = false;
    await Promise.all(writers);
    expect(jobs).toMatchObject([
      { status: 'SUCCEEDED', result: { verified: null } },
      { status: 'SUCCEEDED', result: { verified: true } },
    ]);
    const { backups } = await app.admin.ask(BACKUPS);
    expect(backups).toHaveLength(1);
    expect(backups[0]).toMatchObject({ verified: true, sizeBytes: expect.any(Number) });
    expect(backups[0].compressionRatio).toBeGreaterThan(1);
    expect(readdirSync(join(directory, on)).sort()).toEqual(backups.map(({ name }: { name: string }) => name).sort());
  }, 300_000);

  it.runIf(on === 'postgres')(
    'says when its verification has ended',
    async () => {
      const { createBackup } = await app.admin.ask(CreateBackup, { input: { verify: true } });
      let [ended, copiedAt] = [false, 0];
      const job = followToEnd(app.admin, createBackup?.job.id as string).finally(() => (ended = true));
      while (!ended) {
        const at = Date.now();
        if ((await listCopies(app.database.url)).length > 0) copiedAt = at;
      }
      expect(await job).toMatchObject({ status: 'SUCCEEDED' });
      const { backups } = await app.admin.ask(BACKUPS);
      expect(copiedAt).toBeGreaterThan(0);
      expect(Date.parse(backups[0].verifiedAt)).toBeGreaterThanOrEqual(copiedAt);
      expect(Date.parse(backups[0].verifiedAt)).toBeLessThanOrEqual(Date.now());
    },
    300_000,
  );

  it('is for ADMINs', async () => {
    const bob = await app.user();
    for (const refused of [await bob.send(BACKUPS), await bob.send(CreateBackup, { input: { verify: true } })])
      expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a backup that is broken off', () => {
  const { start } = useProcesses({ on: 'embedded', env: { BACKUP_DIR: join(directory, 'killed') } });

  it('is none when its process is killed, and its job takes another', async () => {
    const first = await start();
    const { createBackup } = await first.admin.ask(CreateBackup, { input: { verify: true } });
    const seen = () => (existsSync(join(directory, 'killed')) ? readdirSync(join(directory, 'killed')) : []);
    await until(
      async () => seen(),
      (names) => names.some((name) => name.endsWith('.partial')),
    );
    await signalAndWait(first, 'SIGKILL');
    expect(await listBackups(join(directory, 'killed'))).toEqual([]);
    const second = await start();
    const job = await followToEnd(second.admin, createBackup?.job.id as string);
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { verified: true } });
    expect(await listBackups(join(directory, 'killed'))).toHaveLength(1);
  }, 300_000);

  const { services, database } = useServices();

  it('leaves a copy of the data on the server for no longer than until the next', async () => {
    const env = { ...database.env, BACKUP_DIR: join(directory, 'killed-on-a-server'), LOG_LEVEL: 'warn' };
    const copies = () => listCopies(database.url);
    const killed = spawn(process.execPath, [CLI, 'backup', 'create'], { env: { ...process.env, ...env } });
    await until(copies, (names) => names.length > 0);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const [copy = ''] = await copies();
    expect(copy).not.toBe('');
    const told = await runScript(CLI, ['doctor'], env);
    expect(told.output).toContain(copy);
    const { code } = await runScript(CLI, ['backup', 'create'], env);
    expect({ code, copies: await copies() }).toEqual({ code: 0, copies: [] });
  }, 120_000);

  it.each([
    ['migrations', "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"],
    ['rows', "query LIKE 'INSERT INTO%search_stale_words%'"],
  ])(
    'is not taken for one that does not restore when the session ends that makes its %s',
    async (what, sessions) => {
      const env = { ...database.env, BACKUP_DIR: join(directory, `ended-with-${what}`), LOG_LEVEL: 'warn' };
      await services.database.pool.query(`INSERT INTO search_stale_words (owner_id, word)
      SELECT gen_random_uuid(), repeat('proof', 200) || i FROM generate_series(1, 20000) i`);
      const { code } = await runScript(CLI, ['backup', 'create'], env);
      expect(code).toBe(0);
      const [{ name = '' } = {}] = await listBackups(env.BACKUP_DIR);
      const verifying = runScript(CLI, ['backup', 'verify', name], env);
      await until(
        () =>
          services.database.pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(datname, $1) AND ${sessions}`,
            [scratchPrefix(databaseNameOf(database.url))],
          ),
        ({ rowCount }) => rowCount === 1,
      );
      const { code: failed, output } = await verifying;
      expect({ failed, output }).toEqual({ failed: 1, output: expect.not.stringContaining('does not restore') });
      expect(output).toContain('The database does not answer');
      expect((await listBackups(env.BACKUP_DIR))[0]?.manifest.verification).toMatchObject({
        held: true,
        problem: null,
      });
    },
    120_000,
  );

  it('is none when the database ends its session', async () => {
    await services.database.pool.query(`INSERT INTO search_stale_words (owner_id, word)
      SELECT gen_random_uuid(), repeat('word', 200) || i FROM generate_series(1, 20000) i`);
    let ended: Promise<unknown> | undefined;
    const taking = takeBackup(
      { database: services.database, place: services.backups.place, directory: join(directory, 'ended') },
      {
        id: randomUUID(),
        verify: false,
        signal: new AbortController().signal,
        now: () => new Date(),
        onProgress() {
          ended ??= services.database.pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name = 'parley backup' AND datname = current_database()`,
          );
        },
      },
    );
    await expect(taking).rejects.toThrow(/terminat|connection/i);
    await ended;
    expect(readdirSync(join(directory, 'ended'))).toEqual([]);
  }, 60_000);
});

describeWith('mount', 'a disk that is full', () => {
  const { services } = useServices();

  it('is told in a sentence, by a proof, a restore and a first start, and says nothing against the backup', async () => {
    const tight = join(directory, 'tight');
    mkdirSync(tight);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', tight]);
    try {
      await services.database.pool.query(`INSERT INTO search_stale_words (owner_id, word)
        SELECT gen_random_uuid(), repeat('word', 200) || i FROM generate_series(1, 20000) i`);
      const id = randomUUID();
      const { signal } = new AbortController();
      const target = { database: services.database, place: services.backups.place, directory: tight };
      const options = { id, verify: false, signal, now: () => new Date(), onProgress: () => {} };
      const { name } = await takeBackup(target, options);
      const env = { BACKUP_DIR: tight, DATA_DIR: join(tight, 'data'), LOG_LEVEL: 'warn' };
      const tell = expect.stringMatching(/The disk .*is full/);
      const failed = { code: 1, output: tell };
      expect(await runScript(CLI, ['backup', 'verify', name], env)).toMatchObject(failed);
      expect((await listBackups(tight))[0]?.manifest.verification).toBeNull();
      execFileSync('mount', ['-o', 'remount,size=24m', tight]);
      for (const args of [['backup', 'restore', name], ['start']]) {
        const { code, output } = await runScript(CLI, args, env);
        expect({ code, output }).toMatchObject(failed);
        expect(output).not.toMatch(/ErrnoError|\n {4}at /);
      }
    } finally {
      execFileSync('umount', ['-l', tight]);
    }
  }, 120_000);
});
