import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '#domain/core/deps.ts';
import { newFileName } from '#domain/episodes/media/files/files.ts';
import { removeAttempts } from '#domain/episodes/media/files/remove-attempts.ts';
import { removeFiles } from '#domain/episodes/media/files/removed.ts';
import { measureStorage } from '#domain/episodes/media/files/storage.ts';
import { scheduleFilesCleanUp } from '#domain/episodes/media/schedule-clean-up.ts';
import { createEpisode } from '#domain/episodes/media/uploads/create-episode.ts';
import { receiveUpload } from '#domain/episodes/media/uploads/receive.ts';
import { createUploadWriters } from '#domain/episodes/media/uploads/writers.ts';
import { archiveEpisode, updateEpisode } from '#domain/episodes/update-episode.ts';
import { all } from '../support/files.ts';
import { startS3 } from '../support/s3-server.ts';
import { startS3rver } from '../support/s3rver.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';
import { listStored } from '../support/uploads.ts';

const HOUR_MS = 3_600_000;
const test = useServices({ works: true });
const [s3, other] = [await startS3(), await startS3rver()];
let ann: Deps;

beforeEach(async () => {
  await test.newUser('ADMIN');
  ann = await test.newUser();
});

const root = () => join(test.database.env.DATA_DIR as string, 'files');
const pathOf = (key: string) => join(root(), 'media', key);

async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Sends `received` of the bytes of a recording, all of them unless something else is said; returns its row and its episode. */
async function upload(owner: Deps, sizeBytes: number, received = sizeBytes) {
  const { file, episode } = await createEpisode(owner, { filename: 'a.mp3', sizeBytes });
  const part = { offset: 0, body: bodyOf(new Uint8Array(received)), announcedBytes: null, checksum: null };
  await receiveUpload(owner, createUploadWriters(), file.id, part);
  return { ...file, path: pathOf(file.storageKey), episode };
}

/** Makes a file that no row names, last written so many hours ago. */
function makeOrphan(hoursAgo: number, key = newFileName().storageKey): string {
  mkdirSync(dirname(pathOf(key)), { recursive: true });
  writeFileSync(pathOf(key), 'left behind');
  return age(pathOf(key), hoursAgo);
}

function age(path: string, hoursAgo: number): string {
  const at = new Date(Date.now() - hoursAgo * HOUR_MS);
  utimesSync(path, at, at);
  return path;
}

/** Runs the clean-up at a moment so many hours from now, to its end; returns what it says it has done. */
async function cleanUp(hoursFromNow = 0): Promise<unknown> {
  const { services } = test;
  const now = () => new Date(Date.now() + hoursFromNow * HOUR_MS);
  await services.database.prisma.job.deleteMany({ where: { kind: 'CLEAN_UP_FILES' } });
  const { now: realNow } = services;
  services.now = now;
  const worker = await test.startWorker({ concurrency: { light: 1 } });
  await scheduleFilesCleanUp(services, 24);
  const job = await until(
    () => services.database.prisma.job.findFirst({ where: { kind: 'CLEAN_UP_FILES' } }),
    (found) => found?.status === 'SUCCEEDED',
  );
  await worker.stop();
  services.now = realNow;
  return job?.result;
}

describe('the clean-up of files', () => {
  it('removes what no row names once it is old enough, and nothing that one does', async () => {
    const kept = await upload(ann, 1_000);
    age(kept.path, 500);
    const [young, old] = [makeOrphan(23), makeOrphan(25)];
    const foreign = join(root(), 'media', 'README');
    writeFileSync(foreign, 'not ours');
    expect(await cleanUp()).toMatchObject({ orphans: 1 });
    expect([kept.path, young, old, foreign].map((path) => existsSync(path))).toEqual([true, true, false, true]);
    rmSync(young);
    rmSync(foreign);
  });

  it('removes nothing where most files would go, as of a store that belongs to another database', async () => {
    await upload(ann, 1_000);
    const orphans = Array.from({ length: 30 }, () => makeOrphan(100));
    expect(await cleanUp()).toMatchObject({ orphans: 0 });
    expect(orphans.every((path) => existsSync(path))).toBe(true);
    for (const path of orphans) rmSync(path);
  });

  it('gives up uploads that got no byte for a day, but none that still gets some', async () => {
    const [given, going, whole] = [await upload(ann, 1_000, 10), await upload(ann, 1_000, 10), await upload(ann, 500)];
    const at = new Date(Date.now() + 2 * HOUR_MS);
    utimesSync(going.path, at, at);
    expect(await cleanUp(23)).toMatchObject({ uploads: 0 });
    expect(await cleanUp(25)).toMatchObject({ uploads: 1, removed: 1 });
    expect([given, going, whole].map(({ path }) => existsSync(path))).toEqual([false, true, true]);
    const { prisma } = test.services.database;
    expect(await prisma.episode.count({ where: { id: given.episode.id } })).toBe(0);
    expect(await measureStorage(ann)).toMatchObject({ usedBytes: 1_500n, uploadingBytes: 1_000n, files: 1 });
  });

  it('forgets what was heard in a recording a day after its job has failed', async () => {
    const { prisma } = test.services.database;
    const piece = { transcriber: 'whisper', firstSample: 0, endSample: 1, heard: {} };
    const files = [await upload(ann, 100), await upload(ann, 100)] as const;
    await prisma.heardPiece.createMany({ data: files.map(({ id }) => ({ ...piece, fileId: id })) });
    const failed = { status: 'FAILED', finishedAt: new Date() } as const;
    await prisma.job.updateMany({ where: { subjectId: files[0].episode.id }, data: failed });
    const heard = async () => (await prisma.heardPiece.findMany()).map(({ fileId }) => fileId).sort();
    await cleanUp(23);
    expect(await heard()).toEqual(files.map(({ id }) => id).sort());
    await cleanUp(25);
    expect(await heard()).toEqual([files[1].id]);
  });

  it('removes the media of an episode that has been archived for long, and brings back one that was not', async () => {
    const [long, back] = [await upload(ann, 1_000), await upload(ann, 2_000)];
    await test.services.database.prisma.job.updateMany({ data: { status: 'SUCCEEDED' } });
    for (const { episode } of [long, back]) await archiveEpisode(ann, { episodeId: episode.id });
    expect(await measureStorage(ann)).toMatchObject({ usedBytes: 3_000n, archivedBytes: 3_000n });
    expect(await cleanUp(29 * 24)).toMatchObject({ archived: 0 });
    await updateEpisode(ann, { episodeId: back.episode.id, archived: false });
    expect(await cleanUp(31 * 24)).toMatchObject({ archived: 1 });
    expect([long, back].map(({ path }) => existsSync(path))).toEqual([false, true]);
    expect(await measureStorage(ann)).toMatchObject({ usedBytes: 2_000n, archivedBytes: 0n });
    expect(await test.services.database.prisma.episode.count({ where: { id: long.episode.id } })).toBe(1);
  });

  it('removes what attempts have left whose job is over, and what else is a day old', async () => {
    const { files, database } = test.services;
    const jobOf = async ({ id }: { id: string }) => database.prisma.job.findFirstOrThrow({ where: { subjectId: id } });
    const [atWork, over] = [
      await jobOf((await upload(ann, 100)).episode),
      await jobOf((await upload(ann, 100)).episode),
    ];
    await database.prisma.job.update({ where: { id: over.id }, data: { status: 'CANCELLED' } });
    const [kept, young] = [`${atWork.id}.a`, `upload.${uuidv7()}`];
    for (const attempt of [kept, young, `${over.id}.b`, `${uuidv7()}.c`, 'upload.d']) await files.openScratch(attempt);
    for (const { attempt } of await all(files.listScratch()))
      if (attempt !== young && !attempt.startsWith(over.id)) age(join(root(), 'scratch', attempt), 30);
    expect(await removeAttempts(test.services)).toBe(3);
    expect((await all(files.listScratch())).map(({ attempt }) => attempt).sort()).toEqual([kept, young].sort());
    await files.removeScratch(young);
  });
});

it('what an attempt had put into the store when it died goes with it, unless it has a row', async () => {
  const { files, database } = test.services;
  const recording = await upload(ann, 100);
  const job = await database.prisma.job.findFirstOrThrow({ where: { subjectId: recording.episode.id } });
  const scratch = await files.openScratch(`${job.id}.a`);
  const [stray, named] = [newFileName(), newFileName()];
  for (const { storageKey } of [stray, named]) {
    writeFileSync(scratch.path('sound'), 'heard');
    await files.put(scratch.path('sound'), storageKey, new AbortController().signal);
  }
  const { ownerId, episodeId } = recording;
  const row = { ...named, ownerId, episodeId, kind: 'AUDIO', state: 'STORED', sizeBytes: 5n } as const;
  await database.prisma.mediaFile.create({ data: row });
  await database.prisma.job.update({ where: { id: job.id }, data: { status: 'FAILED' } });
  expect(await removeAttempts(test.services)).toBe(1);
  expect([stray, named].map(({ storageKey }) => existsSync(pathOf(storageKey)))).toEqual([false, true]);
});

it('a user who is deleted leaves no file, and a file that cannot be removed is removed later', async () => {
  const before = listStored(test.database.env.DATA_DIR as string).length;
  const mine = await upload(ann, 1_000);
  const half = await upload(ann, 1_000, 10);
  await test.services.database.prisma.user.delete({ where: { id: ann.actor.userId } });
  const { files } = test.services;
  const broken = { ...test.services, files: { ...files, remove: () => Promise.reject(new Error('the disk is away')) } };
  expect(await removeFiles(broken)).toBe(0);
  expect(existsSync(mine.path)).toBe(true);
  expect(await removeFiles(test.services)).toBe(2);
  expect([mine, half].some(({ path }) => existsSync(path))).toBe(false);
  expect(listStored(test.database.env.DATA_DIR as string)).toHaveLength(before);
  expect(await test.services.database.prisma.removedFile.count()).toBe(0);
});

it('in a bucket aborts what arrives for no row once it is a day old, and what was given up', async () => {
  await test.restart(s3.env);
  const owner = await test.newUser();
  const { files } = test.services;
  const bytes = new Uint8Array(9_000_000);
  const [old, young] = [newFileName().storageKey, newFileName().storageKey];
  for (const key of [old, young]) await files.write(key, 0, bodyOf(bytes), () => {});
  for (const { key, begunAt, parts } of s3.uploads.values())
    for (const date of [begunAt, ...[...parts.values()].map(({ modifiedAt }) => modifiedAt)])
      if (key.endsWith(old)) date.setTime(Date.now() - 25 * HOUR_MS);
  for (const [key, { modifiedAt }] of s3.objects) if (key.includes(old)) modifiedAt.setTime(Date.now() - 25 * HOUR_MS);
  const kept = await upload(owner, 1_000);
  const given = await upload(owner, 20_000_000, bytes.length);
  const arriving = () => [...s3.uploads.values()].map(({ key }) => key.slice('media/'.length)).sort();
  expect(await cleanUp()).toMatchObject({ uploads: 0, orphans: 1 });
  expect(arriving()).toEqual([young, given.storageKey].sort());
  expect(await cleanUp(25)).toMatchObject({ uploads: 1, orphans: 1 });
  expect([arriving(), [...s3.objects.keys()]]).toEqual([[], [`media/${kept.storageKey}`]]);
  expect(await measureStorage(owner)).toMatchObject({ usedBytes: 1_000n, files: 1 });
  await test.restart();
});

it('in a bucket of a server of others does the same, and removes a file that was whole', async () => {
  await test.restart(other.env);
  const owner = await test.newUser();
  const { files } = test.services;
  const [old, whole, young] = [newFileName().storageKey, newFileName().storageKey, newFileName().storageKey];
  for (const key of [old, young]) await files.write(key, 0, bodyOf(new Uint8Array(9_000_000)), () => {});
  await files.write(whole, 0, bodyOf(new Uint8Array(1_000)), () => {});
  await files.finish(whole, 1_000);
  for (const { name, path } of other.objects()) if (!name.includes(young)) age(path, 25);
  for (const upload of other.uploads())
    if (readFileSync(join(upload, 'key'), 'utf8').endsWith(old))
      for (const name of readdirSync(upload)) age(join(upload, name), 25);
  const kept = await upload(owner, 1_000);
  expect(await cleanUp()).toMatchObject({ uploads: 0, orphans: 2 });
  expect([other.uploads().length, other.objects().map(({ name }) => name.split('.')[0])]).toEqual([
    1,
    [`media/${young}`, `media/${kept.storageKey}`].sort(),
  ]);
  await test.restart();
});
