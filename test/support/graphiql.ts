import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

type StoredText = 'query' | 'variables' | 'headers';

export type Graphiql = {
  /** Changes to the tab of this name. */
  open(name: string): Promise<void>;
  /** Types a query over the one that is there, key by key. It has a name: Monaco adds a bracket to a `{` at the beginning. */
  typeQuery(query: string): Promise<void>;
  /** Pastes variables over those that are there. */
  pasteVariables(variables: unknown): Promise<void>;
  pasteHeaders(headers: unknown): Promise<void>;
  /** Presses Ctrl-Enter. */
  run(): Promise<void>;
  tabs(): Promise<string[]>;
  /** Resolves as soon as the response has this in it. */
  waitForAnswer(text: string): Promise<void>;
};

/** Waits for GraphiQL's editors in a browser; returns what a person does with them. */
export async function openGraphiql(page: Page): Promise<Graphiql> {
  const query = page.locator('.graphiql-query-editor .monaco-editor');
  const variables = page.locator('.graphiql-editor-tool .monaco-editor').first();
  const headers = page.locator('.graphiql-editor-tool .monaco-editor').last();
  const paste = async (editor: Locator, what: StoredText, values: unknown) => {
    const text = JSON.stringify(values, null, 2);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await selectAll(editor);
    await page.keyboard.press('ControlOrMeta+V');
    await waitForStored(page, what, text);
  };
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await Promise.all([query.waitFor(), variables.waitFor()]);
  return {
    async open(name) {
      const tab = page.getByRole('tab', { name });
      // While the tabs slide into their places, GraphiQL takes a click for the beginning of a drag.
      await until(
        async () => {
          await tab.getByRole('button', { name, exact: true }).click();
          return tab.getAttribute('aria-selected');
        },
        (selected) => selected === 'true',
      );
      await query.getByText(name).first().waitFor();
    },
    async typeQuery(text) {
      await selectAll(query);
      await page.keyboard.type(text);
      await waitForStored(page, 'query', text);
    },
    pasteVariables: (values) => paste(variables, 'variables', values),
    async pasteHeaders(values) {
      await page.getByRole('button', { name: 'Headers', exact: true }).click();
      await paste(headers, 'headers', values);
    },
    run: () => page.keyboard.press('ControlOrMeta+Enter'),
    tabs: () => page.locator('.graphiql-tab-button').allTextContents(),
    waitForAnswer: (text) => page.locator('.result-window').getByText(text).waitFor(),
  };
}

async function selectAll(editor: Locator): Promise<void> {
  await editor.click();
  await editor.page().keyboard.press('ControlOrMeta+A');
}

/** GraphiQL runs what was in its editors a moment ago, and writes that down. */
async function waitForStored(page: Page, what: StoredText, text: string): Promise<void> {
  const read = () => page.evaluate((name) => sessionStorage.getItem(`graphiql:${name}`), what);
  await until(read, (value) => value === text);
}
