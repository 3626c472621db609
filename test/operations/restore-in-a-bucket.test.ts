import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, inject, it } from 'vitest';
import type { Client } from '../support/client.ts';
import type { Parley } from '../support/parley.ts';
import { runScript } from '../support/run-script.ts';
import { startS3 } from '../support/s3-server.ts';
import { createUpload, head, makeBytes, patch, type Upload } from '../support/uploads.ts';
import { useProcesses } from '../support/use-parley.ts';

const CLI = join(import.meta.dirname, '../../bin/parley.js');
const JobOf = 'query ($id: ID!) { episode(id: $id) { job { id } } }';
const Cancel = 'mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { job { status } } }';
const Delete = 'mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }';
const MediaUrl = 'query ($id: ID!) { episode(id: $id) { mediaUrl } }';
/** Parts of a multipart upload have 8 MiB: one of them, and a remainder. */
const SIZE_BYTES = 9_000_000;
const HALF = 8_500_000;

const recording = makeBytes(SIZE_BYTES);
const s3 = await startS3();
const directory = mkdtempSync(join(tmpdir(), 'parley-backups-'));
const { database, start } = useProcesses({ env: { ...s3.env, BACKUP_DIR: directory, BACKUP_CRON: 'off' } });
const keptDatabases: string[] = [];
afterAll(async () => {
  rmSync(directory, { recursive: true });
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  for (const name of keptDatabases) await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  await admin.end();
});

const parley = (...args: string[]) =>
  runScript(CLI, args, { ...s3.env, ...database.env, BACKUP_DIR: directory, LOG_LEVEL: 'error' });

async function begin(owner: Client, filename: string, bytes = SIZE_BYTES): Promise<Upload> {
  const upload = await createUpload(owner, SIZE_BYTES, filename);
  const { status } = await patch(owner, upload.url, { offset: 0, body: recording.subarray(0, bytes) });
  expect(status).toBe(204);
  return upload;
}

/** The same upload on a server that was started later. */
const on = ({ url }: Parley, upload: Upload) => upload.url.replace(/^http:\/\/[^/]+/, url);

it('plays what the bucket still has, goes on with uploads, and says what is gone', async () => {
  const first = await start('server');
  const ann = await first.user();
  const [kept, gone] = [await begin(ann, 'kept.wav'), await begin(ann, 'gone.wav')];
  const [going, givenUp] = [await begin(ann, 'going.wav', HALF), await begin(ann, 'given-up.wav', HALF)];
  const [name = ''] = (await parley('backup', 'create', '--no-verify')).output.split('\t');
  await patch(ann, going.url, { offset: HALF, body: recording.subarray(HALF) });
  await ann.ask(Cancel, { id: (await ann.ask(JobOf, { id: gone.episodeId })).episode.job.id });
  for (const { episodeId } of [gone, givenUp]) await ann.ask(Delete, { id: episodeId });
  await first.stop();

  const target = new URL(database.url).pathname.slice(1);
  const { code, output } = await parley('backup', 'restore', name, '--database', target);
  keptDatabases.push(...(/kept as (\w+_before_\d+)/.exec(output)?.slice(1) ?? []));
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain('Files that its rows name and the store lacks: 1.');
  expect(output).toMatch(new RegExp(`^[0-9a-f]{2}/[0-9a-f-]{36}\tORIGINAL\t${ann.username}\tgone.wav$`, 'm'));
  expect(output).not.toContain('kept.wav');

  const second = await start('server');
  const again = second.as(ann);
  const { episode } = await again.ask(MediaUrl, { id: kept.episodeId });
  const part = await fetch(episode.mediaUrl, { headers: { range: 'bytes=8999000-' } });
  expect([part.redirected, part.status]).toEqual([true, 206]);
  expect(Buffer.from(await part.arrayBuffer()).equals(recording.subarray(8_999_000))).toBe(true);
  expect((await head(ann, on(second, going))).headers['upload-offset']).toBe(String(SIZE_BYTES));
  expect((await head(ann, on(second, givenUp))).headers['upload-offset']).toBe('0');
  expect((await patch(ann, on(second, givenUp), { offset: 0, body: recording })).status).toBe(204);
}, 300_000);
