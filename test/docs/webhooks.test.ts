import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';
import { makeWebhook } from '../support/webhooks.ts';

const app = useParley({ env: { WEBHOOK_ALLOW_LOOPBACK: 'true' } });
const cleanup = useCleanup();

it('the receiver of docs/webhooks.md takes an event with its secret, and none with another', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
  const [, code = ''] = /^```js\n([\s\S]*?)^```$/m.exec(page) as RegExpExecArray;
  const file = join(createDirectory(cleanup), 'receiver.mjs');
  await writeFile(file, code);
  const ann = await app.user();
  const port = await freePort();
  const [known, unknown] = [
    await makeWebhook(ann, `http://localhost:${port}/`),
    await makeWebhook(ann, `http://localhost:${port}/`),
  ];
  const env = { PORT: String(port), WEBHOOK_SECRET: known.secret };
  const receiver = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const output = text(receiver.stdout);
  await until(
    async () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => status === 401,
  );
  const test = `mutation ($id: ID!) { sendTestEvent(input: { webhookId: $id }) { delivery { id } } }`;
  const statuses = await Promise.all(
    [known, unknown].map(async ({ id }) => {
      const { delivery } = (await ann.ask(test, { id })).sendTestEvent;
      const read = 'query ($id: ID!) { node(id: $id) { ... on WebhookDelivery { responseStatus } } }';
      const { node } = await until(
        () => ann.ask(read, { id: delivery.id }),
        (answer) => answer.node.responseStatus !== null,
      );
      return node.responseStatus;
    }),
  );
  receiver.kill();
  expect(statuses).toEqual([204, 401]);
  expect(await output).toBe('WEBHOOK_TEST {}\n');
});
