import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { clientOf } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { AddMessage, MessageAdded } from '../support/operations.ts';
import { ADMIN_KEY, type Parley } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { startResumingReader } from '../support/resuming-reader.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const run = promisify(execFile);

describeWith('caddy', 'the configurations of Caddy', () => {
  const cleanup = useCleanup();
  const { start } = useProcesses({ env: { TRUSTED_PROXIES: '127.0.0.1', SHUTDOWN_DELAY_MS: '3000' } });

  it.each(['deploy/caddy/Caddyfile', 'deploy/systemd/Caddyfile'])('are taken: %s', async (file) => {
    const args = ['validate', '--adapter', 'caddyfile', '--config', join(ROOT, file)];
    const { stderr, stdout } = await run('caddy', args, {
      env: { ...process.env, ...homeOf(), SITE_ADDRESS: ':8080' },
    });
    expect(`${stdout}${stderr}`).toContain('Valid configuration');
  });

  /** Where it keeps what it would keep in the user's own directories. */
  function homeOf() {
    const home = createDirectory(cleanup);
    return { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
  }

  /** Starts it before servers at these ports, as on systemd, without TLS; returns its address. */
  async function startCaddy(ports: readonly number[]): Promise<string> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const upstreams = ports.map((port) => `127.0.0.1:${port}`).join(' ');
    const config = read('deploy/systemd/Caddyfile')
      .replace(/^parley\.example\.com/m, url)
      .replace('127.0.0.1:4000 127.0.0.1:4001', upstreams);
    expect(config).toContain(`reverse_proxy ${upstreams}`);
    const file = join(createDirectory(cleanup), 'Caddyfile');
    writeFileSync(file, `{\n\tadmin off\n}\n${config}`);
    const caddy: ChildProcess = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
      env: { ...process.env, ...homeOf() },
      stdio: 'ignore',
    });
    cleanup.defer(async () => {
      const ended = once(caddy, 'exit');
      caddy.kill();
      await ended;
    });
    await until(
      () =>
        fetch(`${url}/health/ready`).then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
    return url;
  }

  it('lose no request, and no event, while the servers behind are restarted one after the other', async () => {
    const ports = [await freePort(), await freePort()];
    const startAt = (port: number) => start('server', { PORT: String(port) });
    const servers = await Promise.all(ports.map(startAt));
    const url = await startCaddy(ports);
    const ann = clientOf(url, (await (servers[0] as (typeof servers)[0]).user()).key);
    const conversationId = await makeConversation(ann);
    const reader = startResumingReader((afterSequence) => ann.follow(MessageAdded, { conversationId, afterSequence }));
    const acknowledged = new Map<number, string>();
    const failures: unknown[] = [];
    let isOver = false;
    const writers = Array.from({ length: 2 }, async () => {
      while (!isOver) {
        const content = randomUUID();
        const { addMessage } = await ann
          .ask(AddMessage, { input: { conversationId, role: 'USER', content } })
          .catch((error: unknown) => ({ addMessage: void failures.push(error) }));
        if (addMessage) acknowledged.set(addMessage.message.sequence, content);
      }
    });
    const moreIsWritten = () => {
      const before = acknowledged.size;
      return until(
        async () => acknowledged.size,
        (count) => count > before + 20,
      );
    };
    /** Until Caddy has seen that it is back: the other is not stopped before. */
    const isSentWrites = ({ url }: Parley) =>
      until(
        () => httpRequest(`${url}/metrics`, { headers: bearer(ADMIN_KEY) }),
        ({ text }) => /^parley_graphql_operation_seconds_count\{type="mutation"\} [1-9]/m.test(text),
      );
    await moreIsWritten();
    for (const [index, server] of servers.entries()) {
      expect(await server.stop()).toBe(0);
      await moreIsWritten();
      servers[index] = await startAt(ports[index] as number);
      await isSentWrites(servers[index]);
      await moreIsWritten();
    }
    isOver = true;
    await Promise.all(writers);
    const last = Math.max(...acknowledged.keys());
    await reader.waitForSequence(last);
    await reader.stop();
    for (const server of servers) server.kill('SIGKILL'); // which would stop for as long as before
    expect(failures).toEqual([]);
    expect(reader.seen.map(({ sequence, content }) => [sequence, content])).toEqual(
      [...acknowledged].sort(([one], [other]) => one - other),
    );
  }, 240_000);
});
