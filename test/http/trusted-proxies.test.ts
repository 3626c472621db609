import { beforeAll, describe, expect, it } from 'vitest';
import { openSocket } from '../support/graphql-socket.ts';
import { bearer, postGraphql } from '../support/http.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { useProcesses } from '../support/use-parley.ts';

const app = useProcesses();
const CREATE = 'mutation { createConversation(input: { title: "from somewhere" }) { conversation { id } } }';
const AUDIT = '{ auditLog(action: "conversation.create", first: 1) { edges { node { ip } } } }';
let keys = 0;

/** The status for one more wrong key, with what the header says. */
async function tryWrongKey(parley: Parley, forwardedFor: string): Promise<number> {
  const key = `prl_${String(++keys).padStart(43, 'w')}`;
  const headers = { ...bearer(key), 'x-forwarded-for': forwardedFor };
  return (await postGraphql(parley.url, { query: '{ viewer { id } }' }, headers)).status;
}

/** The address that the audit has, of the newest change. */
const auditedAddress = async (parley: Parley) =>
  (await parley.admin.ask(AUDIT)).auditLog.edges[0].node.ip.replace('::ffff:', '');

describe('behind proxies that are trusted', () => {
  let parley: Parley;
  beforeAll(async () => {
    parley = await app.start('server', { TRUSTED_PROXIES: '127.0.0.1/32, 10.0.0.0/8, fd00::/8' });
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.9, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7, 10.1.2.3, fd00::1', '203.0.113.7'],
    ['evil, 203.0.113.7:4711, 10.1.2.3', '203.0.113.7'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['203.0.113.7, <script>', '127.0.0.1'],
    ['', '127.0.0.1'],
    ['10.9.9.9', '10.9.9.9'],
  ])('a request with %j comes from %s', async (forwardedFor, address) => {
    const headers = { ...bearer(ADMIN_KEY), 'x-forwarded-for': forwardedFor };
    expect((await postGraphql(parley.url, { query: CREATE }, headers)).json.errors).toBeUndefined();
    expect(await auditedAddress(parley)).toBe(address);
  });

  it('a WebSocket comes from its client, too', async () => {
    const socket = await openSocket(parley.url, { headers: { 'x-forwarded-for': '203.0.113.8' } });
    socket.send({ type: 'connection_init', payload: bearer(ADMIN_KEY) });
    await socket.waitFor(({ type }) => type === 'connection_ack');
    expect((await socket.run({ query: CREATE })).errors).toBeUndefined();
    await socket.close();
    expect(await auditedAddress(parley)).toBe('203.0.113.8');
  });

  it('wrong keys are counted for each client, whatever it writes before its address', async () => {
    for (let count = 0; count < 20; count += 1)
      expect(await tryWrongKey(parley, `198.51.100.${count}, 203.0.113.50`)).toBe(401);
    expect(await tryWrongKey(parley, '198.51.100.99, 203.0.113.50')).toBe(429);
    expect(await tryWrongKey(parley, '203.0.113.51')).toBe(401);
  });

  it('wrong keys are counted for the network of an IPv6 address, whichever of it the client picks', async () => {
    for (let count = 0; count < 20; count += 1) expect(await tryWrongKey(parley, `2001:db8:1:2::${count}`)).toBe(401);
    expect(await tryWrongKey(parley, '2001:db8:1:2:ffff::1')).toBe(429);
    expect(await tryWrongKey(parley, '2001:db8:1:3::1')).toBe(401);
  });
});

it('from anybody else the header counts for nothing', async () => {
  const parley = await app.start('server', { TRUSTED_PROXIES: '10.0.0.0/8' });
  for (let count = 0; count < 20; count += 1) expect(await tryWrongKey(parley, `203.0.113.${count}`)).toBe(401);
  expect(await tryWrongKey(parley, '203.0.113.99')).toBe(429);
  await postGraphql(parley.url, { query: CREATE }, { ...bearer(ADMIN_KEY), 'x-forwarded-for': '203.0.113.1' });
  expect(await auditedAddress(parley)).toBe('127.0.0.1');
});
