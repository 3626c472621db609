import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { startApplication } from '../support/application-server.ts';
import { useBrowser, type Visit } from '../support/browser.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { freePort } from '../support/free-port.ts';
import { createGate, says, useModelServer } from '../support/model-server.ts';
import { ADMIN_KEY, type Parley, startParley, type User } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { useProcesses } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
const PATIENCE_MS = 30_000;
const PAGE =
  '<!doctype html><div id="log"></div><form><input /><button>Send</button></form><script type="module" src="/src/chat-page.ts"></script>';

const model = await useModelServer();

describeWith('chromium', 'the chat of docs/front-end.md', () => {
  const app = useProcesses({ env: { ...model.env, EXTRACT_MEMORIES: 'false' } });
  const browser = useBrowser();
  const cleanup = useCleanup();
  let [parleyPort, port] = [0, 0];
  let parley: Parley;
  let ann: User;

  async function start(): Promise<void> {
    const env = { PORT: String(parleyPort), CORS_ORIGINS: `http://127.0.0.1:${port}` };
    const started = await startParley({ ...app.database.env, ...model.env, ...env }, 'server');
    cleanup.suite.defer(async () => void (await started.stop()));
    parley = started;
  }

  beforeAll(async () => {
    parleyPort = await freePort();
    const parleyUrl = `http://127.0.0.1:${parleyPort}`;
    const project = createDirectory(cleanup);
    await pasteCode(project);
    await buildPage(project, parleyUrl);
    const keys = (await import(join(project, 'server/keys.ts'))).createKeys(parleyUrl, ADMIN_KEY);
    port = await startApplication(join(project, 'dist'), keys, cleanup);
    await Promise.all([start(), app.start('worker')]);
    ann = await parley.user();
  });

  it('goes on in one conversation, and with a reply whose server was killed while it was read', async () => {
    const gate = createGate('Rex barks ', 'at thunder.');
    model.answerNext(gate.script, says('Good night.'));
    const visit = await browser.visit(`http://127.0.0.1:${port}/sign-in?user=${ann.id}&page=index.html`);
    await say(visit, 'What does my dog do?');
    gate.open(1);
    await waitForLines(visit, ['What does my dog do?', 'Rex barks ']);
    parley.kill('SIGKILL');
    await parley.ended;
    gate.open(1);
    await start();
    await waitForLines(visit, ['What does my dog do?', 'Rex barks at thunder.']);
    await say(visit, 'Thank you.');
    await waitForLines(visit, ['What does my dog do?', 'Rex barks at thunder.', 'Thank you.', 'Good night.']);
    const { conversations } = await parley.as(ann).ask('{ conversations { edges { node { messageCount } } } }');
    expect(conversations.edges).toEqual([{ node: { messageCount: 4 } }]);
  });

  it('shows why a message is refused', async () => {
    const visit = await browser.visit(`http://127.0.0.1:${port}/sign-in?user=${ann.id}&page=index.html`);
    await say(visit, '');
    await expect.poll(() => linesOf(visit).then((lines) => lines[1]), { timeout: PATIENCE_MS }).toMatch(/^Error: .+/);
  });
});

/** Writes the files of the document, each under the heading that is its path, and a page. */
async function pasteCode(project: string): Promise<void> {
  const text = await readFile(join(ROOT, 'docs/front-end.md'), 'utf8');
  for (const [, name = '', code = ''] of text.matchAll(/^### `(.+)`$[\s\S]*?^```\w+\n([\s\S]*?)^```$/gm)) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), code);
  }
  await writeFile(join(project, 'index.html'), PAGE);
}

async function buildPage(project: string, parleyUrl: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    root: project,
    configFile: false,
    logLevel: 'warn',
    define: { 'import.meta.env.VITE_PARLEY_URL': JSON.stringify(parleyUrl) },
    resolve: { alias: { 'graphql-ws': join(ROOT, 'node_modules/graphql-ws') } },
  });
}

async function say({ page }: Visit, content: string): Promise<void> {
  await page.locator('input').fill(content);
  await page.locator('button').click();
}

const linesOf = ({ page }: Visit): Promise<string[]> => page.locator('#log p').allTextContents();

async function waitForLines(visit: Visit, lines: string[]): Promise<void> {
  await expect.poll(() => linesOf(visit), { timeout: PATIENCE_MS }).toEqual(lines);
}
