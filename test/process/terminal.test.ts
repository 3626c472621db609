import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase, createDataDirectory, type TestDatabase } from '../support/databases.ts';
import { beginUpload, makeVtt } from '../support/fixtures.ts';
import { ADMIN_KEY } from '../support/parley.ts';
import { describeWith } from '../support/requirements.ts';
import { startOnTerminal, type Terminal } from '../support/terminal.ts';

const LOG_LINE = /^\[\d\d:\d\d:\d\d\] [A-Z]+: /;

function start(database: TestDatabase, env: Record<string, string> = {}): Terminal {
  const terminal = startOnTerminal({ ...database.env, ...env });
  onTestFinished(async () => {
    terminal.process.kill('SIGKILL');
    await terminal.ended;
    await database.drop();
  });
  return terminal;
}

describeWith('script', 'on a terminal', () => {
  it('a first start says in four lines what runs, where the data is, where to open it and how to stop it', async () => {
    const empty = createDataDirectory();
    const terminal = start(empty);
    await terminal.waitForLine(/Ctrl-C/);
    expect(terminal.lines().slice(0, 4)).toEqual([
      expect.stringMatching(/^Parley \d+\.\d+\.\d+: server and worker in one process$/),
      `Data: ${empty.env.DATA_DIR}, in an embedded PostgreSQL`,
      expect.stringMatching(
        /^Open http:\/\/127\.0\.0\.1:\d+\/graphql#key=prl_[\w-]{43} \(the key is shown only once; /,
      ),
      'Stop it with Ctrl-C.',
    ]);
    terminal.pressCtrlC();
    expect(await terminal.ended).toBe(0);
    expect(
      terminal
        .lines()
        .filter((line) => !LOG_LINE.test(line))
        .at(-1),
    ).toBe('Stopping.');
  });

  it('the log is lines to read after that, one for each slow statement; Ctrl-C says what it waits for, and waits', async () => {
    const terminal = start(await createDatabase('embedded'), { BOOTSTRAP_ADMIN_KEY: ADMIN_KEY, SLOW_QUERY_MS: '1' });
    const opened = await terminal.waitForLine(/^Open /);
    const url = opened.replace('Open ', '');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ conversations(first: 1) { totalCount edges { node { id } } } }' }),
    });
    const slow = await terminal.waitForLine(/slow query/);
    expect(slow).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: slow query, \d+ ms: \S.{1,80}$/);
    const log = terminal.lines().filter((line) => !/^(Parley |Data: |Open |Stop it )/.test(line));
    for (const line of log) expect(line).toMatch(LOG_LINE);

    const upload = await beginUpload({ url: url.replace('/graphql', '') });
    terminal.pressCtrlC();
    expect(await terminal.waitForLine(/Stopping/)).toBe(
      'Stopping: waits up to 20 s for 1 request. Ctrl-C again stops it at once.',
    );
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    upload.end(makeVtt(30));
    expect((await answered)[0].statusCode).toBe(201);
    expect(await terminal.ended).toBe(0);
  });
});
