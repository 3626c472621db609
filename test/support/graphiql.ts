import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

type StoredText = 'query' | 'variables' | 'headers';

export type Graphiql = {
  /** Changes to the tab of this name, by one click. */
  open(name: string): Promise<void>;
  /** Types a query over the one that is there, key by key. It has a name: Monaco adds a bracket to a `{` at the beginning. */
  typeQuery(query: string): Promise<void>;
  /** Pastes variables over those that are there. */
  pasteVariables(variables: unknown): Promise<void>;
  pasteHeaders(headers: unknown): Promise<void>;
  /** Presses Ctrl-Enter, with the cursor in the operation of this name where one is given. */
  run(operation?: string): Promise<void>;
  /** Presses the button that runs the query. */
  tapRun(): Promise<void>;
  tabs(): Promise<string[]>;
  /** Resolves as soon as the response has this in it. */
  waitForAnswer(text: string): Promise<void>;
  /** All of the response that is in sight. */
  answer(): Promise<string>;
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
      await page.getByRole('tab', { name }).getByRole('button', { name, exact: true }).click();
      await page.getByRole('tab', { name, selected: true }).waitFor();
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
    async run(operation) {
      if (operation) await query.getByText(operation).first().click();
      await page.keyboard.press('ControlOrMeta+Enter');
    },
    tapRun: () => page.locator('.graphiql-execute-button').tap(),
    tabs: () => page.locator('.graphiql-tab-button').allTextContents(),
    waitForAnswer: (text) => page.locator('.result-window').getByText(text).first().waitFor(),
    answer: () => page.locator('.result-window .view-lines').innerText(),
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
