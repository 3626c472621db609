import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql';
import { type BrowserContextOptions, devices } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_TABS } from '#http/graphiql/examples/tabs.ts';
import { useBrowser } from '../support/browser.ts';
import type { Client } from '../support/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { type Graphiql, openGraphiql } from '../support/graphiql.ts';
import { httpRequest } from '../support/http.ts';
import { createGate, useModelServer } from '../support/model-server.ts';
import { AddMessage } from '../support/operations.ts';
import type { User } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const model = await useModelServer();
const app = useParley();
const modelled = useParley({ env: model.env });
const pageUrl = () => `${modelled.parley.url}/graphql`;
const loadPage = (headers: Record<string, string> = {}) =>
  fetch(pageUrl(), { headers: { accept: 'text/html', ...headers } });

describe('the page', () => {
  it('is the same for everybody, compressed as the browser can read it', async () => {
    const answers = await Promise.all(
      ['br, gzip', 'gzip;q=0.5, br;q=0', 'identity'].map((each) => loadPage({ 'accept-encoding': each })),
    );
    expect(answers.map(({ status, headers }) => [status, headers.get('content-encoding')])).toEqual([
      [200, 'br'],
      [200, 'gzip'],
      [200, null],
    ]);
    const [first, ...others] = await Promise.all(answers.map((answer) => answer.text()));
    expect(first).toContain('<div id="root">');
    for (const other of others) expect(other === first).toBe(true);
  });

  it('is not sent again to a browser that has it, unless it asks for a new copy', async () => {
    // By `httpRequest`: fetch sends `cache-control: no-cache` with every `if-none-match`.
    const ask = (headers: Record<string, string> = {}) =>
      httpRequest(pageUrl(), { headers: { accept: 'text/html', 'accept-encoding': 'gzip', ...headers } });
    const { headers } = await ask();
    const etag = String(headers.etag);
    expect(headers['cache-control']).toBe('no-cache');
    const again = await ask({ 'if-none-match': `W/"older", ${etag}` });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
    expect((await ask({ 'if-none-match': etag, 'accept-encoding': 'identity' })).status).toBe(200);
    expect((await ask({ 'if-none-match': etag, 'cache-control': 'no-cache' })).status).toBe(200);
  });

  it('lets only its own scripts run, and reach only this server', async () => {
    const page = await loadPage();
    const directives = new Map((page.headers.get('content-security-policy') ?? '').split('; ').map(directive));
    const scripts = [...(await page.text()).matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script ?? '');
    expect(scripts).toHaveLength(3);
    expect(directives.get('script-src')).toEqual(
      scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`),
    );
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

const directive = (text: string): [string, string[]] => {
  const [name = '', ...values] = text.split(' ');
  return [name, values];
};

describe('the examples', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

  it.each(EXAMPLE_TABS.map((tab) => [nameOf(tab.query), tab] as const))(
    '%s fits the schema, with its variables',
    (_name, tab) => {
      const document = parse(tab.query);
      expect(validate(schema, document)).toEqual([]);
      for (const { variableDefinitions = [] } of document.definitions as OperationDefinitionNode[]) {
        expect(getVariableValues(schema, variableDefinitions, JSON.parse(tab.variables))).not.toHaveProperty('errors');
      }
    },
  );

  it('lead from a conversation to its messages, live', async () => {
    const ann = await app.user();
    const { createConversation } = await ann.ask(...exampleOf('CreateConversation'));
    const conversationId = createConversation.conversation.id;
    const { addMessages } = await ann.ask(...exampleOf('AddMessages', { conversationId }));
    await using feed = ann.follow(...exampleOf('WatchMessages', { conversationId }));
    const seen = await feed.take(addMessages.messages.length);
    expect(seen.map(({ messageAdded }) => messageAdded.content)).toEqual(
      addMessages.messages.map(({ content }: { content: string }) => content),
    );
    const { conversations } = await ann.ask(...exampleOf('MyConversations'));
    expect(conversations.edges).toMatchObject([{ node: { id: conversationId, messageCount: seen.length } }]);
  });

  it('lead from a message to its reply, and to what was learned from it', async () => {
    const ann = await app.user();
    const { sendMessage } = await ann.ask(...exampleOf('SendMessage'));
    expect(await readReply(ann, 'WatchReply', sendMessage.reply.id)).not.toBe('');
    const remembered = await until(
      () => ann.ask(...exampleOf('Remember')),
      ({ searchMemories }) => searchMemories.found,
    );
    expect(remembered.searchMemories.matches[0].memory.content).toContain('Rex');
  });

  it('lead from a transcript to its clips, and to an answer from it', async () => {
    const ann = await app.user();
    const { importTranscript } = await ann.ask(...exampleOf('ImportTranscript'));
    const episodeId = importTranscript.episode.id;
    const { processEpisode } = await ann.ask(...exampleOf('ProcessEpisode', { episodeId }));
    expect(await lastStatusOf(ann, processEpisode.job.id)).toBe('SUCCEEDED');
    const { episode } = await ann.ask(...exampleOf('Clips', { episodeId }));
    expect(episode.clips.edges).not.toEqual([]);
    for (const { node } of episode.clips.edges) expect(node.endSeconds - node.startSeconds).toBeGreaterThanOrEqual(12);
    const { askEpisode } = await ann.ask(...exampleOf('AskEpisode', { episodeId }));
    expect(await readReply(ann, 'WatchAnswer', askEpisode.reply.id)).toContain('They never wait.');
    const asked = await ann.ask(...exampleOf('AskedBefore', { episodeId }));
    expect(asked.episode.conversations.edges[0].node.messages.edges).toHaveLength(2);
  });
});

const nameOf = (query: string) => /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1] ?? '';

/** One operation of the examples, with the variables of its tab. */
function exampleOf(
  name: string,
  filledIn: Record<string, unknown> = {},
): [query: string, variables: Record<string, unknown>] {
  for (const { query, variables } of EXAMPLE_TABS) {
    const operation = separateOperations(parse(query))[name];
    if (operation) return [print(operation), { ...JSON.parse(variables), ...filledIn }];
  }
  throw new Error(`There is no example ${name}.`);
}

async function lastStatusOf(owner: Client, jobId: string): Promise<string | undefined> {
  let status: string | undefined;
  for await (const { data } of owner.follow(...exampleOf('WatchJob', { jobId }))) status = data?.jobProgress.status;
  return status;
}

/** The whole reply, as its stream brings it. */
async function readReply(owner: Client, example: string, messageId: string): Promise<string> {
  let text = '';
  for await (const { data } of owner.follow(...exampleOf(example, { messageId }))) text += data?.replyStream.text ?? '';
  return text;
}

const WHO_AM_I = 'query WhoAmI { viewer { username } }';

describeWith('chromium', 'in a browser', () => {
  const browser = useBrowser();

  it.each<[shown: string, BrowserContextOptions, (graphiql: Graphiql, ann: User) => Promise<unknown>]>([
    ['messages as they arrive', { viewport: { width: 1360, height: 900 } }, watchMessages],
    ['a reply grow as it is written', { viewport: { width: 1920, height: 900 } }, watchReply],
    [
      'what is typed: a query, headers that say who asks, and no GraphQL',
      { viewport: { width: 1360, height: 900 }, reducedMotion: 'reduce' },
      typeAndRun,
    ],
  ])(
    'opens each tab by one click, also when the window has changed its size, and shows %s',
    async (_shown, options, work) => {
      const ann = await modelled.user();
      const { page, trouble } = await browser.visit(`${pageUrl()}#key=${ann.key}`, options);
      expect(page.url()).toBe(pageUrl());
      const graphiql = await openGraphiql(page);
      const names = await graphiql.tabs();
      expect(names).toHaveLength(EXAMPLE_TABS.length);
      for (const name of names.slice(1)) await graphiql.open(name);
      await page.setViewportSize({ width: 1280, height: 800 });
      for (const name of names) await graphiql.open(name);
      expect(await graphiql.tabs()).toEqual(names);
      await page.setViewportSize({ width: 1400, height: 900 });
      await work(graphiql, ann);
      expect(page.url()).toBe(pageUrl());
      expect(trouble).toEqual([]);
    },
  );

  async function watchMessages(graphiql: Graphiql, ann: User): Promise<void> {
    const conversationId = await makeConversation(ann, 1);
    await graphiql.open('WatchMessages');
    await graphiql.pasteVariables({ conversationId, afterSequence: 0 });
    await graphiql.run();
    await graphiql.waitForAnswer('message 1');
    await ann.ask(AddMessage, { input: { conversationId, role: 'ASSISTANT', content: 'Here I am!' } });
    await graphiql.waitForAnswer('Here I am!');
  }

  async function watchReply(graphiql: Graphiql, ann: User): Promise<void> {
    const speech = createGate('One ', 'two ', 'three.');
    model.answer(speech.script);
    const { sendMessage } = await ann.ask(...exampleOf('SendMessage'));
    await graphiql.open('SendMessage');
    await graphiql.pasteVariables({ messageId: sendMessage.reply.id });
    await graphiql.run('WatchReply');
    for (const shown of ['"One "', '"One two "', '"One two three."']) {
      speech.open(1);
      await graphiql.waitForAnswer(`"content": ${shown}`);
    }
  }

  async function typeAndRun(graphiql: Graphiql, ann: User): Promise<void> {
    const bob = await modelled.user();
    await graphiql.typeQuery(WHO_AM_I);
    await graphiql.run();
    await graphiql.waitForAnswer(ann.username);
    await graphiql.waitForAnswer('"cost": 2');
    await graphiql.pasteHeaders({ Authorization: `Bearer ${bob.key}` });
    await graphiql.run();
    await graphiql.waitForAnswer(bob.username);
    await graphiql.typeQuery('query WhoAmI { viewer { } }');
    await graphiql.run();
    await graphiql.waitForAnswer('Syntax Error: Expected Name, found');
    const { errors } = JSON.parse((await graphiql.answer()).replaceAll('\u00a0', ' '));
    expect(errors).toEqual([
      { message: 'Syntax Error: Expected Name, found "}".', locations: [{ line: 1, column: 25 }], extensions: {} },
    ]);
  }

  it('is usable on a phone: what is asked above what is answered, each as wide as the screen', async () => {
    const ann = await modelled.user();
    const { page, trouble } = await browser.visit(`${pageUrl()}#key=${ann.key}`, devices['iPhone 13']);
    const graphiql = await openGraphiql(page);
    await graphiql.tapRun();
    await graphiql.waitForAnswer('"totalCount": 0');
    const { width, height } = page.viewportSize() as { width: number; height: number };
    const boxes = await Promise.all(
      ['editors', 'response'].map((part) => page.locator(`.graphiql-${part}`).boundingBox()),
    );
    for (const box of boxes) expect(box?.width).toBeGreaterThan(0.9 * width);
    const [editors, response] = boxes as { y: number; height: number }[];
    expect(response?.y).toBeGreaterThanOrEqual((editors?.y ?? 0) + (editors?.height ?? 0));
    expect((response?.y ?? 0) + (response?.height ?? 0)).toBeLessThanOrEqual(height);
    await page.getByRole('tab', { name: 'SendMessage' }).getByRole('button', { name: 'SendMessage' }).tap();
    await page.getByRole('tab', { name: 'SendMessage', selected: true }).waitFor();
    expect(trouble).toEqual([]);
  });

  it('keeps the key for this tab and those opened from it, until another link is opened in it, and for nobody after them', async () => {
    const [ann, bob] = [await modelled.user(), await modelled.user()];
    const { page, trouble } = await browser.visit(`${pageUrl()}#key=${ann.key}`);
    const before = await (await openGraphiql(page)).tabs();
    await page.reload();
    const reloaded = await openGraphiql(page);
    expect(await reloaded.tabs()).toEqual(before);
    const opening = page.waitForEvent('popup');
    await page.getByText('open another tab').click();
    for (const tab of [page, await opening]) {
      const graphiql = await openGraphiql(tab);
      await graphiql.run('MyConversations');
      await graphiql.waitForAnswer(ann.username);
    }
    await Promise.all([page.waitForEvent('load'), page.goto(`${pageUrl()}#key=${bob.key}`)]);
    const graphiql = await openGraphiql(page);
    await graphiql.run('MyConversations');
    await graphiql.waitForAnswer(bob.username);
    expect(page.url()).toBe(pageUrl());
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('opens without a key, and says how to come in with one', async () => {
    const { page, trouble } = await browser.visit(pageUrl());
    const graphiql = await openGraphiql(page);
    await graphiql.run('MyConversations');
    await graphiql.waitForAnswer('UNAUTHENTICATED');
    await page.getByText('No key yet: open /graphql#key=prl_…').waitFor();
    expect(trouble).toEqual([expect.stringContaining('401')]);
  });
});
