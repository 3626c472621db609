import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeClips } from '../support/fixtures.ts';
import { bearer } from '../support/http.ts';
import { insertRecording } from '../support/media.ts';
import { SuspendUser } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { beginPatch, createUpload, head, listStored } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id } } }';

type Who = { owner: User; key: string; keyId: string };

/** Makes a user with two keys, of which one is for transfers. */
async function makeUser(expiresAt: Date | null = null): Promise<Who> {
  const owner = await app.user();
  const { createApiKey } = await owner.ask(CREATE, {
    input: { name: 'transfers', scopes: ['READ', 'WRITE'], expiresAt },
  });
  return { owner, key: createApiKey.secret, keyId: createApiKey.apiKey.id };
}

/** The size of the parts that are sent first, each its own. */
let firstBytes = 100_000;

/** `closed` resolves with the status of the response when the connection is over; null if it was broken off without one. */
type BegunUpload = { sent: ClientRequest; url: string; bytes: number; closed: Promise<number | null> };

/** Begins to upload a recording of 1 MB, and resolves when the server has its first part. */
async function beginUpload({ owner, key }: Who): Promise<BegunUpload> {
  firstBytes += 1;
  const bytes = firstBytes;
  const { url } = await createUpload(owner, 1_000_000);
  const sent = beginPatch({ key }, url, { offset: 0, length: 1_000_000 });
  const closed = new Promise<number | null>((resolve) => {
    sent.once('response', ({ statusCode }) => resolve(statusCode ?? null)).once('close', () => resolve(null));
  });
  sent.write(Buffer.alloc(bytes, 1));
  await until(
    async () => listStored(app.database.env.DATA_DIR as string).map(({ sizeBytes }) => sizeBytes),
    (sizes) => sizes.includes(bytes),
  );
  return { sent, url, bytes, closed };
}

/** Begins to download leads that no buffer of the network takes, without reading more than the first of them. */
async function beginDownload({ owner, key }: Who): Promise<IncomingMessage> {
  const lead = `INSERT INTO leads (id, owner_id, name, phone, language, notes)
    SELECT gen_random_uuid(), $1, 'Dana', '+9725' || 40000000 + n, 'he', repeat('note ', 2000) FROM generate_series(1, 6000) n`;
  await sql(app.database, lead, [rowIdOf(owner.id)]);
  const sent = request(`${app.parley.url}/leads.csv`, { headers: bearer(key), agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await once(response, 'readable');
  return response;
}

/** By then transfers have ended whose user was suspended. */
const ENDED_WITHIN_MS = 2_000;

/** The size of a recording that no buffer of the network takes. */
const RECORDING_BYTES = 20_000_000;

/** Begins to play a recording by its signed address, without a key, and without reading more than the first of it. */
async function beginToPlay(owner: User): Promise<IncomingMessage> {
  const [clip = ''] = await makeClips(owner);
  await insertRecording(app.database, clip);
  const directory = join(app.database.env.DATA_DIR as string, 'files', 'media', 'aa');
  const name = randomUUID();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), Buffer.alloc(RECORDING_BYTES));
  const stored = `UPDATE media_files m SET storage_key = 'aa/' || $2, size_bytes = $3
    FROM clips c WHERE c.id = $1 AND m.episode_id = c.episode_id`;
  await sql(app.database, stored, [rowIdOf(clip), name, RECORDING_BYTES]);
  const { episodes } = await owner.ask('{ episodes { edges { node { mediaUrl } } } }');
  const { href } = new URL(episodes.edges[0].node.mediaUrl, app.parley.url);
  const sent = request(href, { agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await once(response, 'readable');
  return response;
}

const rowIdOf = (globalId: string) => Buffer.from(globalId, 'base64url').toString().split(':')[1];

/** Reads a response slowly, a request of another user's between its pieces; resolves with whether all of it came. */
async function readRest(response: IncomingMessage): Promise<boolean> {
  try {
    for await (const _ of response) await app.admin.ask('{ viewer { id } }');
  } catch {
    // It was broken off.
  }
  return response.complete;
}

const ENDS: [name: string, end: (who: Who) => Promise<unknown>][] = [
  ['is revoked', ({ owner, keyId }) => owner.ask(REVOKE, { id: keyId })],
  [
    'has a user who is suspended',
    ({ owner }) => app.admin.ask(SuspendUser, { input: { userId: owner.id, reason: 'x' } }),
  ],
];

describe('a transfer that is under way', () => {
  it.each(ENDS)('ends with its key, if that %s', async (_, end) => {
    const who = await makeUser();
    const [{ closed }, response] = await Promise.all([beginUpload(who), beginDownload(who)]);
    await end(who);
    expect(await closed).toBeNull();
    expect(await readRest(response)).toBe(false);
  });

  it('ends with its key, if that expires', async () => {
    const who = await makeUser(new Date(Date.now() + 10_000));
    const { closed } = await beginUpload(who);
    expect(await closed).toBeNull();
  });

  it('is resumed with another key, and goes on where a key that is not its own is revoked', async () => {
    const [ann, bob] = [await makeUser(), await makeUser()];
    const [uploads, download] = await Promise.all([
      Promise.all([beginUpload(ann), beginUpload(bob)]),
      beginDownload(bob),
    ]);
    await ann.owner.ask(REVOKE, { id: ann.keyId });
    const [{ url, bytes, closed }, other] = uploads;
    expect(await closed).toBeNull();
    await until(
      () => head(ann.owner, url),
      ({ headers }) => headers['upload-offset'] === String(bytes),
    );
    const answered = once(other.sent, 'response');
    other.sent.end(Buffer.alloc(1_000_000 - other.bytes, 1));
    expect(((await answered) as [IncomingMessage])[0].statusCode).toBe(204);
    expect(await readRest(download)).toBe(true);
  });

  it('ends with its user, where a signed address opens it; that of another user goes on', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [ended, played] = await Promise.all([beginToPlay(ann), beginToPlay(bob)]);
    expect(ended.statusCode).toBe(200);
    await app.admin.ask(SuspendUser, { input: { userId: ann.id, reason: 'x' } });
    await sleep(ENDED_WITHIN_MS);
    expect(await readRest(ended)).toBe(false);
    expect(await readRest(played)).toBe(true);
  });
});
