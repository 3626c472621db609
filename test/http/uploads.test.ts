import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeVtt } from '../support/fixtures.ts';
import { bearer, httpRequest } from '../support/http.ts';
import type { Parley } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const processes = useProcesses();
/** Sentences of a file that is stored for long enough to come between. */
const LONG = 10_000;
let parley: Parley;
beforeAll(async () => {
  parley = await processes.start();
});

const PATH = '/episodes?title=The+bridge&format=VTT';
const Seen = '{ episodes(first: 5) { totalCount } searchTranscripts(query: "bridge") { matches { score } } }';

/** Begins an upload, and sends what is given of it. */
function beginUpload({ url }: Parley, { key }: Pick<Client, 'key'>, part: string) {
  const headers = { ...bearer(key), 'content-length': 1_000_000 };
  const upload = request(`${url}${PATH}`, { method: 'POST', headers, agent: false });
  upload.on('error', () => {}); // the server ends some of them
  upload.write(part);
  return upload;
}

const countRows = async () =>
  (await sql<{ count: number }>(processes.database, 'SELECT count(*)::int FROM transcript_segments'))[0]?.count ?? 0;

describe('an upload', () => {
  it('without a title says where to give one', async () => {
    const ann = await parley.user();
    const headers = { ...bearer(ann.key), 'content-type': 'text/vtt' };
    const { status, json } = await httpRequest(`${parley.url}/episodes`, { method: 'POST', headers, body: makeVtt(1) });
    expect([status, json.errors[0].message]).toEqual([400, expect.stringContaining('?title=')]);
  });

  it('that a process dies of is not there, and can be sent again', async () => {
    const first = await processes.start();
    const ann = await first.user();
    const headers = { ...bearer(ann.key), 'idempotency-key': 'once' };
    const body = makeVtt(LONG);
    const broken = httpRequest(`${first.url}${PATH}`, { method: 'POST', headers, body }).catch((error: Error) => error);
    await until(countRows, (rows) => rows > 0);
    first.kill('SIGKILL');
    expect(await broken).toBeInstanceOf(Error);
    const second = await processes.start();
    const again = second.as(ann);
    expect(await again.ask(Seen)).toEqual({ episodes: { totalCount: 0 }, searchTranscripts: { matches: [] } });
    const send = () => httpRequest(`${second.url}${PATH}`, { method: 'POST', headers, body });
    const made = [await send(), await send()];
    expect(made.map(({ status, json }) => [status, json.segments])).toEqual([
      [201, LONG],
      [201, LONG],
    ]);
    expect(made[0]?.json.episode.id).toBe(made[1]?.json.episode.id);
    expect((await again.ask(Seen)).episodes).toEqual({ totalCount: 1 });
  });

  it('of a client that leaves while it is stored is removed', async () => {
    const ann = await parley.user();
    const before = await countRows();
    const body = makeVtt(LONG);
    const headers = { ...bearer(ann.key), 'content-length': Buffer.byteLength(body) };
    const upload = request(`${parley.url}${PATH}`, { method: 'POST', headers, agent: false });
    upload.on('error', () => {});
    upload.end(body);
    await until(countRows, (rows) => rows > before);
    upload.destroy();
    await until(countRows, (rows) => rows === before);
    expect((await ann.ask(Seen)).episodes).toEqual({ totalCount: 0 });
  });

  it('of a user who has three at work is refused until one has ended, and others are not', async () => {
    const [ann, bob] = [await parley.user(), await parley.user()];
    const atWork = [1, 2, 3].map(() => beginUpload(parley, ann, 'WEBVTT\n\n'));
    const send = ({ key }: Client) =>
      httpRequest(`${parley.url}${PATH}`, { method: 'POST', headers: bearer(key), body: makeVtt(3) });
    const refused = await until(
      () => send(ann),
      ({ status }) => status === 429,
    );
    expect(refused.headers['retry-after']).toBe('10');
    expect(refused.json.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect((await send(bob)).status).toBe(201);
    for (const upload of atWork) upload.destroy();
    await until(
      () => send(ann),
      ({ status }) => status === 201,
    );
  });
});
