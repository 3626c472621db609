import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApplication } from '../support/application-server.ts';
import { useBrowser, type Visit } from '../support/browser.ts';
import { useCleanup } from '../support/cleanup.ts';
import type { Client as ApiClient } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { buildFrontEnd } from '../support/front-end.ts';
import { DeleteConversation } from '../support/operations.ts';
import { ADMIN_KEY, type Parley, startParley, type User } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { sql } from '../support/sql.ts';
import { useProcesses } from '../support/use-parley.ts';

const PAGES = { apollo: 'codegen/apollo.html', urql: 'codegen/urql.html', relay: 'relay/index.html' };
type Client = keyof typeof PAGES;
const CLIENTS = Object.keys(PAGES) as Client[];
type List = 'conversations' | 'memories';

const PATIENCE_MS = 40_000;

const CREATE = `mutation ($title: String!) { createConversation(input: { title: $title }) { conversation { id } } }`;
const RENAME = `mutation ($id: ID!, $title: String!) {
  updateConversation(input: { conversationId: $id, title: $title }) { conversation { id } } }`;
const SAVE = `mutation ($content: String!, $supersedes: [ID!]) {
  saveMemory(input: { content: $content, supersedes: $supersedes }) { memory { id } } }`;

describeWith('chromium', 'the pages of docs/front-end.md', () => {
  const app = useProcesses();
  const browser = useBrowser();
  const cleanup = useCleanup();
  const open: Visit[] = [];
  let [parleyPort, port] = [0, 0];
  let parley: Parley;
  let other: Parley;
  let ann: User;
  let keys: { keyOf(session: object): Promise<unknown>; forget(session: string): void };

  /** Starts the server that the pages know, whichever test runs: it goes on after it. */
  async function start(): Promise<void> {
    const env = { PORT: String(parleyPort), CORS_ORIGINS: `http://127.0.0.1:${port}` };
    const started = await startParley({ ...app.database.env, ...env }, 'server');
    cleanup.suite.defer(async () => void (await started.stop()));
    parley = started;
  }
  async function visit(user: User, client: Client, host = '127.0.0.1'): Promise<Visit> {
    const visit = await browser.visit(`http://${host}:${port}/sign-in?user=${user.id}&page=${PAGES[client]}`);
    open.push(visit);
    return visit;
  }
  const visitAll = (user: User) => Promise.all(CLIENTS.map((client) => visit(user, client)));

  beforeAll(async () => {
    parleyPort = await freePort();
    const parleyUrl = `http://127.0.0.1:${parleyPort}`;
    const built = await buildFrontEnd(parleyUrl, cleanup);
    keys = (await import(built.keys)).createKeys(parleyUrl, ADMIN_KEY);
    port = await startApplication(built.pages, keys, cleanup);
    [other] = await Promise.all([app.start('server'), start()]);
  });
  beforeEach(async () => {
    ann = await parley.user();
  });
  afterEach(() => Promise.all(open.splice(0).map(({ page }) => page.context().close())));

  /** Kills the server, does something, starts the server again, and tells the pages that they are online. */
  async function restartAfter(visits: Visit[], work: () => Promise<unknown>): Promise<void> {
    parley.kill('SIGKILL');
    await parley.ended;
    await work();
    await start();
    await Promise.all(visits.map(({ page }) => page.evaluate(() => dispatchEvent(new Event('online')))));
  }
  const create = async (user: ApiClient, title: string): Promise<string> =>
    (await user.ask(CREATE, { title })).createConversation.conversation.id;
  /** Revokes the key of a user's pages, also where the application keeps it. */
  async function revokeKey(user: User): Promise<void> {
    const { apiKeys } = await user.ask('{ apiKeys { id name } }');
    const { id } = apiKeys.find(({ name }: { name: string }) => name === 'browser');
    keys.forget(user.id);
    await user.ask('mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id } } }', { id });
  }
  const save = async (user: User, content: string, supersedes: string[] = []): Promise<string> =>
    (await user.ask(SAVE, { content, supersedes })).saveMemory.memory.id;

  it('show lists, and what is created, renamed, superseded and deleted in them, also when their key is revoked; nothing of other users', async () => {
    const bob = await parley.user();
    const first = await create(ann, 'first');
    const [bobs, ...visits] = await Promise.all([visit(bob, 'apollo'), ...CLIENTS.map((client) => visit(ann, client))]);
    await create(bob, `bob's`);
    await waitForLists(visits, { conversations: ['first'], memories: [] });
    const second = await create(ann, 'שיחה על גינה');
    const cat = await save(ann, 'יש לי חתול');
    await waitForLists(visits, { conversations: ['שיחה על גינה', 'first'], memories: ['יש לי חתול'] });
    await ann.ask(RENAME, { id: first, title: 'renamed' });
    await save(ann, 'יש לי שני חתולים', [cat]);
    await waitForLists(visits, { conversations: ['שיחה על גינה', 'renamed'], memories: ['יש לי שני חתולים'] });
    await ann.ask(DeleteConversation, { id: second });
    await waitForLists(visits, { conversations: ['renamed'], memories: ['יש לי שני חתולים'] });
    await revokeKey(ann);
    await create(ann, 'after');
    await waitForLists(visits, { conversations: ['after', 'renamed'] });
    await waitForLists([bobs], { conversations: [`bob's`], memories: [] });
    expectNoTrouble([bobs, ...visits]);
  });

  it('leave what comes after the page that they have read to the next', async () => {
    const old = await create(ann, 'old');
    await Promise.all(Array.from({ length: 50 }, (_, n) => create(ann, `n ${n}`)));
    const visits = await visitAll(ann);
    const lengths = () => Promise.all(visits.map(({ page }) => page.locator('#conversations li').count()));
    await expect.poll(lengths, { timeout: PATIENCE_MS }).toEqual([50, 50, 50]);
    await ann.ask(RENAME, { id: old, title: 'old, and renamed' });
    await create(ann, 'newest');
    await expect.poll(lengths, { timeout: PATIENCE_MS }).toEqual([51, 51, 51]);
    for (const visit of visits) {
      const { conversations } = await readLists(visit, ['conversations']);
      expect(conversations?.[0]).toBe('newest');
      expect(conversations).not.toContain('old, and renamed');
    }
    expectNoTrouble(visits);
  });

  it('go on from their cursors when the server was killed, and read the lists again after a reset, showing what there was until then', async () => {
    const [kept, gone] = [await create(ann, 'kept'), await create(ann, 'gone')];
    const visits = await visitAll(ann);
    await waitForLists(visits, { conversations: ['gone', 'kept'] });
    const reads = visits.map(({ page }) => countReads(page));
    await restartAfter(visits, async () => {
      await other.as(ann).ask(DeleteConversation, { id: gone });
      await other.as(ann).ask(RENAME, { id: kept, title: 'kept, and renamed' });
      await create(other.as(ann), 'while away');
    });
    await waitForLists(visits, { conversations: ['while away', 'kept, and renamed'] });
    expect(reads.map((count) => count())).toEqual([0, 0, 0]);

    const lengths = await Promise.all(visits.map(({ page }) => recordLengths(page)));
    await restartAfter(visits, async () => {
      await sql(app.database, `DELETE FROM server_settings WHERE name = 'epoch'`); // as of a restored backup
      await create(other.as(ann), 'from the backup');
      await other.as(ann).ask(DeleteConversation, { id: kept });
    });
    await waitForLists(visits, { conversations: ['from the backup', 'while away'] });
    expect(reads.map((count) => count())).toEqual([1, 1, 1]);
    for (const shown of lengths) expect(await shown()).not.toContain(0);
    expectNoTrouble(visits);
  });

  it('see nothing of why their origin is refused, which the log says', async () => {
    const { page } = await visit(ann, 'apollo', 'localhost');
    const { origin, msg } = await parley.waitForLog((line) => line.origin !== undefined);
    expect(origin).toBe(`http://localhost:${port}`);
    expect(msg).toContain('CORS_ORIGINS');
    expect(await page.evaluate(askFrom, parley.url)).toEqual(['TypeError: Failed to fetch', 1006]);
  });
});

async function waitForLists(visits: Visit[], lists: Partial<Record<List, string[]>>): Promise<void> {
  const shown = () => Promise.all(visits.map((visit) => readLists(visit, Object.keys(lists))));
  await expect.poll(shown, { timeout: PATIENCE_MS }).toEqual(visits.map(() => lists));
}

async function readLists({ page }: Visit, lists: string[]): Promise<Record<string, string[]>> {
  const read = async (list: string) => [list, await page.locator(`#${list} li`).allTextContents()];
  return Object.fromEntries(await Promise.all(lists.map(read)));
}

/** Counts how often a page reads the lists from now on. */
function countReads(page: Visit['page']): () => number {
  let reads = 0;
  page.on('request', (request) => {
    if (/query (relay)?Lists/.test(request.postData() ?? '')) reads += 1;
  });
  return () => reads;
}

/** Records how many conversations a page shows from now on, each time that changes. */
async function recordLengths(page: Visit['page']): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const list = document.getElementById('conversations') as HTMLElement;
    const lengths = Object.assign(window, { lengths: [] as number[] }).lengths;
    new MutationObserver(() => lengths.push(list.childElementCount)).observe(list, { childList: true });
  });
  return () => page.evaluate(() => (window as unknown as { lengths: number[] }).lengths);
}

/** Runs in a page: what becomes of a request, and of a WebSocket. */
async function askFrom(url: string): Promise<[string, number]> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)));
  const request = fetch(`${url}/graphql?query={__typename}`).then(({ status }) => String(status), String);
  return [await request, await closed];
}

/** The libraries warn by errors on the console; that requests fail while there is no server is as it should be. */
function expectNoTrouble(visits: Visit[]): void {
  const expected = /^request to|Failed to load resource|WebSocket connection to/;
  expect(visits.flatMap(({ trouble }) => trouble).filter((each) => !expected.test(each))).toEqual([]);
}
