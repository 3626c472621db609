import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { checkBackups } from '#domain/health/backup-check.ts';
import { lookAtDisk } from '#domain/health/disk-check.ts';
import { backUpNow } from '#domain/operations/backups/back-up.ts';
import { listBackups, listUnreadable, nameBackup, rotateBackups } from '#domain/operations/backups/backup-directory.ts';
import { storeBackupRows } from '#domain/operations/backups/backup-rows.ts';
import { type Manifest, writeManifest } from '#domain/operations/backups/manifest.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { useServices } from '../support/services.ts';

const cleanup = useCleanup();
const { services } = useServices();

const DAYS = ['2001-01-01T02:00:00.000Z', '2001-01-02T02:00:00.000Z', '2001-01-03T02:00:00.000Z'] as const;

/** Puts a backup of a time into the directory, and returns its name: of its data, only the size counts here. */
async function putBackup(directory: string, createdAt: string, held = true): Promise<string> {
  const manifest: Manifest = {
    format: 1,
    id: crypto.randomUUID(),
    createdAt,
    durationSeconds: 1,
    parley: '1.0.0',
    database: { kind: 'postgres', version: '18' },
    migrations: [],
    data: { sizeBytes: 1, uncompressedBytes: 1, sha256: '' },
    tables: {},
    media: [],
    verification: { at: createdAt, held, on: 'server', problem: held ? null : 'Its file was changed.' },
  };
  const name = nameBackup(manifest);
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'data.gz'), '.');
  await writeManifest(folder, manifest);
  return name;
}

async function putBackups<const Times extends readonly string[]>(directory: string, times: Times) {
  const names = [];
  for (const time of times) names.push(await putBackup(directory, time));
  return names as { [Index in keyof Times]: string };
}

it('a backup whose data are gone or cut off is not taken for one that restores', async () => {
  const directory = createDirectory(cleanup);
  const names = await putBackups(directory, DAYS);
  writeFileSync(join(directory, names[2], 'data.gz'), '');
  rmSync(join(directory, names[1], 'data.gz'));
  const proofs = (await listBackups(directory)).map(({ manifest: { verification } }) => verification);
  expect(proofs).toMatchObject([
    { held: false, problem: 'Of its data, 0 of 1 bytes are there.' },
    { held: false, problem: 'Its data are not there.' },
    { held: true, problem: null },
  ]);
  await rotateBackups(directory, 1);
  expect(readdirSync(directory)).toContain(names[0]);
});

it('what is left of a backup whose removal is broken off does not have its name', async () => {
  const directory = createDirectory(cleanup);
  const [old, newer] = await putBackups(directory, [DAYS[0], DAYS[1]]);
  mkdirSync(join(directory, old, 'scratch'));
  for (let file = 0; file < 3_000; file += 1) writeFileSync(join(directory, old, 'scratch', String(file)), '');
  let over = false;
  const rotated = rotateBackups(directory, 1).finally(() => (over = true));
  let halves = 0;
  while (!over) {
    const isWhole = existsSync(join(directory, old, 'data.gz'));
    if (!isWhole && existsSync(join(directory, old))) halves += 1;
    await nextTurn();
  }
  await rotated;
  expect(halves).toBe(0);
  expect(readdirSync(directory)).toEqual([newer]);
});

it('a backup with a time to come takes the place of none', async () => {
  const directory = createDirectory(cleanup);
  const [, ...newest] = await putBackups(directory, [DAYS[0], DAYS[1], '2999-01-01T02:00:00.000Z']);
  await rotateBackups(directory, 1);
  expect(readdirSync(directory).sort()).toEqual(newest);
});

it('a backup that was taken after the clock went back stays', async () => {
  const directory = createDirectory(cleanup);
  const ahead = await putBackup(directory, new Date(Date.now() + 1_800_000).toISOString());
  const backups = { ...services.backups, directory, keep: 1 };
  const { name } = await backUpNow({ ...services, backups, actor: SYSTEM_ACTOR }, { verify: false });
  expect(readdirSync(directory).sort()).toEqual([name, ahead].sort());
});

it('copies of backups take the place of none, and stay', async () => {
  const directory = createDirectory(cleanup);
  const [first, second, third] = await putBackups(directory, DAYS);
  for (const name of [first, third])
    cpSync(join(directory, name), join(directory, `${name} (copy)`), { recursive: true });
  truncateSync(join(directory, `${third} (copy)`, 'data.gz'));
  expect((await listBackups(directory)).map(({ name }) => name)).toEqual([
    third,
    `${third} (copy)`,
    second,
    first,
    `${first} (copy)`,
  ]);
  await rotateBackups(directory, 2);
  expect(readdirSync(directory).sort()).toEqual([`${first} (copy)`, second, third, `${third} (copy)`].sort());
});

it('what never was a backup is not taken for one that cannot be read', async () => {
  const directory = createDirectory(cleanup);
  const [newer, without] = await putBackups(directory, DAYS);
  writeFileSync(join(directory, newer, 'manifest.json'), '{ "format": 2, "parley": "9.0.0" }');
  rmSync(join(directory, without), { recursive: true });
  for (const name of [without, 'lost+found']) mkdirSync(join(directory, name));
  expect(await listUnreadable(directory)).toEqual([
    { name: newer, problem: expect.stringMatching(/^was made by a newer version of Parley \(9\.0\.0\); use/) },
    { name: without, problem: expect.stringMatching(/^has no manifest\.json that can be read; take/) },
  ]);
});

it('backups are rotated while others end theirs', async () => {
  const directory = createDirectory(cleanup);
  let over = false;
  const others = (async () => {
    while (!over) {
      const partial = join(directory, 'another.partial');
      mkdirSync(partial);
      await nextTurn();
      rmSync(partial, { recursive: true });
      await nextTurn();
    }
  })();
  for (let round = 0; round < 100; round += 1) await rotateBackups(directory, 1);
  over = true;
  await others;
});

it('a directory that cannot be read is not taken for one without backups', async () => {
  const file = join(createDirectory(cleanup), 'a-file');
  expect(await listBackups(file)).toEqual([]);
  writeFileSync(file, '');
  await expect(listBackups(file)).rejects.toThrow('ENOTDIR');
});

it('health warns of a newest backup that was found not to restore', async () => {
  const directory = createDirectory(cleanup);
  const { prisma } = services.database;
  await putBackup(directory, '2026-11-25T02:00:00.000Z');
  await putBackup(directory, '2026-11-26T02:00:00.000Z', false);
  await storeBackupRows(prisma, directory);
  const schedule = { cron: '0 2 * * *', timeZone: 'UTC' };
  expect(await checkBackups(services.database, schedule, new Date('2026-11-26T12:00:00Z'))).toMatchObject({
    status: 'DEGRADED',
    message: 'The newest backup was found not to restore: take another.',
    details: { lastProvenAt: '2026-11-25T02:00:00.000Z' },
  });
});

it('a disk is looked at by one look at a time, and one that cannot be read is a problem', async () => {
  const directory = createDirectory(cleanup);
  const [first, second] = [lookAtDisk(directory), lookAtDisk(directory)];
  expect(second).toBe(first);
  expect(await first).toEqual({
    space: { freeBytes: expect.any(Number), totalBytes: expect.any(Number) },
    problem: null,
  });
  expect(await lookAtDisk(join(directory, 'nothing-stored-yet'))).toBeNull();
  writeFileSync(join(directory, 'file'), '');
  expect(await lookAtDisk(join(directory, 'file', 'below'))).toEqual({
    space: undefined,
    problem: expect.stringMatching(/^A disk cannot be read: ENOTDIR/),
  });
});
