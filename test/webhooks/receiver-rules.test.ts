import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createReceiverRules, type ResolveName } from '#adapters/webhooks/receiver-rules.ts';
import { sendWebhook } from '#adapters/webhooks/send-webhook.ts';

const STRICT: Parameters<typeof createReceiverRules>[0] = { allowedNetworks: [], allowLoopback: false };

const problemOf = (url: string, settings = STRICT) => createReceiverRules(settings).findProblem(new URL(url));

const NOT_PUBLIC = [
  ...['127.0.0.1', '127.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
  ...[
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.255.255.255',
  ],
  ...['240.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '192.88.99.1'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b:1::a00:1'],
  ...[
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::',
    '100::1',
    '3fff::1',
  ],
];
const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
];

const host = (address: string) => (address.includes(':') ? `[${address}]` : address);

describe('where webhooks may lead', () => {
  it.each(NOT_PUBLIC)('not to %s', async (address) => {
    expect(problemOf(`https://${host(address)}/`)).toBe('This has no public address.');
    expect(await lookUp([address])).toBeNull();
  });

  it.each(PUBLIC)('to %s', async (address) => {
    expect(problemOf(`https://${host(address)}/`)).toBeNull();
    expect(await lookUp([address])).toEqual([address]);
  });

  it.each(['https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://127.1/', 'https://localhost/'])(
    'not to the machine itself by another spelling: %s',
    (url) => expect(problemOf(url)).toBe('This has no public address.'),
  );

  it.each(['https://LOCALHOST./', 'https://a.localhost/', 'https://[::ffff:7f00:1]/', 'https://[0:0::1]/'])(
    'nor by its names: %s',
    (url) => expect(problemOf(url)).toBe('This has no public address.'),
  );

  it.each([
    'http://example.com/',
    'http://8.8.8.8/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('not by %s', (url) => {
    expect(problemOf(url)).toBe('This must begin with https://.');
    expect(problemOf(url, { allowedNetworks: ['0.0.0.0/0'], allowLoopback: true })).toBe(
      'This must begin with https://.',
    );
  });

  it('holds no credentials', () => {
    expect(problemOf('https://ann@example.com/')).toContain('no user or password');
    expect(problemOf('https://:secret@example.com/')).toContain('no user or password');
  });

  it('to the machine itself only where the operator says so, and to networks that are named', async () => {
    const local = { allowedNetworks: [], allowLoopback: true };
    for (const url of ['http://127.0.0.1:80/', 'http://localhost/', 'http://[::1]/', 'https://localhost/'])
      expect(problemOf(url, local)).toBeNull();
    expect(problemOf('http://10.0.0.1/', local)).toBe('This must begin with https://.');
    expect(await lookUp(['10.0.0.1'], local)).toBeNull();
    const named = { allowedNetworks: ['10.1.0.0/16', 'fd00::/8'], allowLoopback: false };
    expect(await lookUp(['10.1.2.3', '10.2.0.1', 'fd12::1', '127.0.0.1'], named)).toEqual(['10.1.2.3', 'fd12::1']);
    expect(problemOf('https://10.1.2.3/', named)).toBeNull();
    expect(problemOf('https://10.2.0.1/', named)).not.toBeNull();
  });
});

/** The addresses that are left of those that a name has; null if it is refused. */
async function lookUp(addresses: string[], settings = STRICT): Promise<string[] | null> {
  const { lookup } = createReceiverRules(settings, async () => addresses);
  return new Promise((resolve) => {
    lookup('hook.example.com', { all: true }, (error, found) =>
      resolve(error ? null : (found as { address: string }[]).map(({ address }) => address)),
    );
  });
}

describe('a name', () => {
  /** A port of this machine that counts who connects. */
  async function listen() {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    return { port, count: () => connections, close: () => server.close() };
  }

  const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;
  const sendTo = (port: number, settings: typeof STRICT, resolve: ResolveName) =>
    sendWebhook(
      { url: `https://hook.example.com:${port}/`, secrets: [SECRET] },
      { id: 'a', body: '{}' },
      { now: new Date(), rules: createReceiverRules(settings, resolve) },
    );

  it('that leads inside is refused before anything is connected, in every attempt', async () => {
    const trap = await listen();
    const answers = [['127.0.0.1'], ['::1', '127.0.0.1'], ['10.0.0.1']];
    for (const answer of answers)
      await expect(sendTo(trap.port, STRICT, async () => answer)).rejects.toThrow(
        'is not allowed: This has no public address.',
      );
    expect(trap.count()).toBe(0);
    trap.close();
  });

  it('is looked up once an attempt: what was checked is what is connected to', async () => {
    const trap = await listen();
    let asked = 0;
    const rebinding: ResolveName = async () => {
      asked += 1;
      return asked % 2 === 1 ? ['192.0.2.1', '127.0.0.1'] : ['10.0.0.1'];
    };
    const local = { allowedNetworks: ['127.0.0.1'], allowLoopback: false };
    await expect(sendTo(trap.port, local, rebinding)).rejects.toThrow('cannot be reached');
    expect([asked, trap.count()]).toEqual([1, 1]);
    await expect(sendTo(trap.port, local, rebinding)).rejects.toThrow('is not allowed');
    expect([asked, trap.count()]).toEqual([2, 1]);
    trap.close();
  });

  it('that is not found says so', async () => {
    const fail: ResolveName = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    await expect(sendTo(443, STRICT, fail)).rejects.toThrow('cannot be reached (ENOTFOUND)');
  });
});
