import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { makeConversation } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { AddMessage, HealthNow, MessageAdded } from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { createRedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const PASSWORD = 'hunter2';

describeWith('redis', 'a Redis that is reached by TLS', () => {
  const cleanup = useCleanup();
  const { start } = useProcesses();

  /** A certificate that vouches for itself, for a name as in `DNS:localhost` or `IP:127.0.0.1`. */
  function makeCertificate(name: string): { certificate: string; key: string } {
    const directory = createDirectory(cleanup);
    const [certificate, key] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')];
    const subject = ['-subj', '/CN=redis', '-addext', `subjectAltName=${name}`];
    const files = ['-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
      stdio: 'ignore',
    });
    return { certificate, key };
  }

  /** Starts it with a password, and nothing but TLS at the port of its address. */
  async function startRedis(name: string) {
    const { certificate, key } = makeCertificate(name);
    const port = await freePort();
    const tls = ['--tls-port', String(port), '--tls-cert-file', certificate, '--tls-key-file', key];
    const redis = await createRedisServer([...tls, '--tls-auth-clients', 'no', '--requirepass', PASSWORD]);
    await redis.start();
    onTestFinished(() => redis.kill());
    return { url: `rediss://:${PASSWORD}@127.0.0.1:${port}`, certificate };
  }

  const pubsubOf = async ({ admin }: Parley) =>
    (await admin.ask(HealthNow)).health.components.find(({ name }) => name === 'pubsub')?.status;

  it('connects processes, where its certificate is vouched for', async () => {
    const { url, certificate } = await startRedis('IP:127.0.0.1');
    const env = { REDIS_URL: url, NODE_EXTRA_CA_CERTS: certificate };
    const [here, there] = await Promise.all([start('server', env), start('server', env)]);
    for (const parley of [here, there])
      await until(
        () => pubsubOf(parley),
        (status) => status === 'HEALTHY',
      );
    const ann = await here.user();
    const conversationId = await makeConversation(ann);
    await using feed = there.as(ann).follow(MessageAdded, { conversationId, afterSequence: 0 });
    const startedAt = performance.now();
    for (const content of ['alef', 'bet', 'gimel', 'dalet']) {
      await ann.ask(AddMessage, { input: { conversationId, role: 'USER', content } });
      expect(await feed.take(1)).toMatchObject([{ messageAdded: { content } }]);
    }
    expect(performance.now() - startedAt).toBeLessThan(8_000); // four rounds of the safety net are up to twenty seconds
  }, 60_000);

  it.each([
    ['nobody vouches for its certificate', 'IP:127.0.0.1', false, /self-signed certificate/],
    ['its certificate is another’s', 'DNS:another.example.com', true, /does not match certificate/],
  ])(
    'is not spoken to where %s, and the log says why',
    async (_what, name, isTrusted, why) => {
      const { url, certificate } = await startRedis(name);
      const parley = await start('server', { REDIS_URL: url, ...(isTrusted && { NODE_EXTRA_CA_CERTS: certificate }) });
      const told = await parley.waitForLog(({ msg }) => msg.startsWith('Redis is out of reach'));
      expect(JSON.stringify(told)).toMatch(why);
      await until(
        () => pubsubOf(parley),
        (status) => status === 'DEGRADED',
      );
      expect(JSON.stringify(parley.log)).not.toContain(PASSWORD);
      expect(await parley.stop()).toBe(0);
    },
    60_000,
  );
});
