import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { chromiumPath } from './requirements.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page lives for seconds here: compiling its hot code in the background takes more time than it saves.
  '--js-flags=--no-opt,--no-maglev,--single-threaded',
];

/** So that a failure names what it waited for. */
const PATIENCE_MS = 20_000;

export type Visitor = {
  /** A person with a browser of their own, 1,400 pixels wide unless they say otherwise, who opens this address. Nothing they kept before is there. */
  visit(url: string, options?: BrowserContextOptions): Promise<Visit>;
};

export type Visit = {
  page: Page;
  /** What should not happen, in words: errors on the console, uncaught ones, and requests to other servers. */
  trouble: string[];
};

/** A Chromium for the tests of a suite; in suites of `describeWith('chromium', …)`. */
export function useBrowser(): Visitor {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: FLAGS });
  });
  afterAll(() => browser?.close());
  return {
    async visit(url, options) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
      onTestFinished(() => context.close());
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const trouble: string[] = [];
      context.on('console', (message) => void (message.type() === 'error' && trouble.push(message.text())));
      context.on('weberror', (error) => trouble.push(String(error.error())));
      context.on(
        'request',
        (request) => void (isElsewhere(request.url(), url) && trouble.push(`request to ${request.url()}`)),
      );
      await page.goto(url);
      return { page, trouble };
    },
  };
}

/** `data:` and `blob:` are in the page itself. */
function isElsewhere(requested: string, visited: string): boolean {
  const { protocol, origin } = new URL(requested);
  return protocol !== 'data:' && protocol !== 'blob:' && origin !== new URL(visited).origin;
}
