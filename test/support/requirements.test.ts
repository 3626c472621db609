import { describe, expect, inject, it } from 'vitest';
import { runScript } from './run-script.ts';

/** The tests of GraphiQL in a browser, on a machine that has none. */
const withoutChromium = (env: Record<string, string>) =>
  runScript('node_modules/vitest/vitest.mjs', ['run', 'test/graphiql/graphiql.test.ts', '-t', 'in a browser'], {
    TEST_DATABASE_URL: inject('adminUrl'),
    CHROMIUM_PATH: '/nowhere',
    NO_COLOR: '1',
    ...env,
  });

describe('tests that need more than this machine has', () => {
  it('are named at the end as not run, with the reason', async () => {
    const { code, output } = await withoutChromium({ CI: '' });
    expect(code).toBe(0);
    const [, notRun] = output.split('Not run on this machine:');
    expect(notRun).toContain(
      'test/graphiql/graphiql.test.ts > in a browser > opens each tab by one click, also when the window has changed its size, and shows messages as they arrive (no `chromium`',
    );
    expect(notRun).not.toContain('the examples');
  });

  it('fail in CI', async () => {
    const { code, output } = await withoutChromium({ CI: 'true' });
    expect(code).toBe(1);
    expect(output).toContain('CI runs every test, and this machine lacks something: no `chromium`');
  });
});
