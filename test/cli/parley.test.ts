import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { useModelServer } from '../support/model-server.ts';
import { runScript } from '../support/run-script.ts';
import { startS3 } from '../support/s3-server.ts';
import { sql } from '../support/sql.ts';
import { useTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';
import { readZip } from '../support/zip.ts';

const CLI = join(import.meta.dirname, '../../bin/parley.js');
const twilio = await useTwilioServer();
const model = await useModelServer();
const app = useParley();
const s3 = await startS3();
const directory = mkdtempSync(join(tmpdir(), 'parley-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

const parley = (args: string[], env: Record<string, string> = {}) =>
  runScript(CLI, args, {
    LOG_LEVEL: 'silent',
    DATA_DIR: directory,
    BACKUP_DIR: directory,
    ...app.database.env,
    ...env,
  });

const nameOfDatabase = () => new URL(app.database.url).pathname.slice(1);

it('has nothing to say when the reader of its output is gone', async () => {
  const child = spawn(process.execPath, [CLI, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [[code], said] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  expect({ code, said }).toEqual({ code: 0, said: '' });
});

it.runIf(existsSync('/dev/full'))('fails with words when its output cannot be written', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [CLI, 'help'], { stdio: ['ignore', full, 'pipe'] });
  const [[code], said] = await Promise.all([once(child, 'close'), text(child.stderr as Readable)]);
  closeSync(full);
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringMatching(/^The output cannot be written: ENOSPC.*\n$/),
  });
});

it('lists its commands, and tells how each is called', async () => {
  const [help, of] = await Promise.all([parley([]), parley(['backup', '--help'])]);
  expect(help.code).toBe(0);
  for (const command of [
    'start',
    'server',
    'worker',
    'migrate',
    'doctor',
    'report',
    'keys',
    'users',
    'backup',
    'jobs',
    'clean-up',
    'audit',
  ])
    expect(help.output).toContain(`  ${command}`);
  expect(of).toMatchObject({ code: 0, output: expect.stringContaining('npx parley backup restore NAME') });
});

it('exits with 2 when it is called in a way that it does not know', async () => {
  const calls = [
    ['nothing'],
    ['constructor'],
    ['backup', 'restore'],
    ['audit', 'export', '--until', '1'],
    ['audit', 'export', '--since', '2026-02-30'],
    ['clean-up', '--days', '99999999999'],
    ['keys', 'revoke', ''],
    ['keys', 'revoke', 'prl_'],
  ];
  const ended = await Promise.all(calls.map((args) => parley(args)));
  expect(ended).toEqual(calls.map(() => ({ code: 2, output: expect.stringContaining('npx parley') })));
});

it('makes and erases users, ends keys, and exports what was done', async () => {
  const made = await parley(['users', 'create', 'dana', '--display-name', 'דנה לוי']);
  expect(made).toMatchObject({ code: 0, output: expect.stringContaining('Created dana') });
  const key = (await parley(['keys', 'create', '--user', 'dana'])).output.slice(0, 47);
  const dana = app.parley.as({ key });
  expect((await dana.ask('{ viewer { username displayName } }')).viewer).toEqual({
    username: 'dana',
    displayName: 'דנה לוי',
  });
  const erase = (...more: string[]) => parley(['users', 'erase', 'dana', ...more]);
  const [{ output: listed }, refused, unconfirmed] = await Promise.all([
    parley(['keys', 'list']),
    erase('--confirm', 'dana'),
    erase('--database', nameOfDatabase()),
  ]);
  expect(listed).toContain(`${key.slice(0, 12)}\tdana\tREAD,WRITE`);
  expect(listed).not.toContain(key);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`--database ${nameOfDatabase()}`) });
  expect(unconfirmed).toMatchObject({ code: 1, output: expect.stringContaining('--confirm dana') });
  expect(await parley(['keys', 'revoke', key.slice(0, 12)])).toMatchObject({ code: 0 });
  await until(
    () => dana.send('{ viewer { id } }'),
    ({ status }) => status === 401,
  );
  expect(await erase('--confirm', 'dana', '--database', nameOfDatabase())).toMatchObject({
    code: 0,
    output: expect.stringContaining('"users":1'),
  });
  const { output } = await parley(['audit', 'export']);
  const entries = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string });
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['user.create', 'api-key.revoke', 'user.erase']),
  );
  expect(output).not.toContain('dana');
}, 120_000);

it('exports what is stored about a user into a new file', async () => {
  const [gil, file] = [await app.user(), join(directory, 'gil.zip')];
  const written = await parley(['users', 'export', gil.username, file]);
  expect(written).toMatchObject({ code: 0, output: expect.stringContaining('"users":1') });
  expect(readZip(readFileSync(file)).get('users.jsonl')).toContain(gil.username);
  const again = await parley(['users', 'export', gil.username, file]);
  expect(again).toMatchObject({ code: 1, output: expect.stringContaining('there already') });
  const nowhere = await parley(['users', 'export', gil.username, '/nowhere/gil.zip']);
  expect(nowhere.output).toMatch(/^\/nowhere\/gil\.zip cannot be written: ENOENT/);
  expect(nowhere).toMatchObject({ code: 1, output: expect.not.stringContaining('DATA_DIR') });
}, 60_000);

it('suspends users, and lifts that again, while the server runs', async () => {
  const gil = await app.user();
  const change = (what: string) => parley(['users', what, gil.username, '--reason', 'unpaid']);
  const status = async (wanted: number) =>
    until(
      () => gil.send('{ viewer { id } }'),
      (answer) => answer.status === wanted,
    );
  expect(await parley(['users', 'suspend', gil.username])).toMatchObject({ code: 2 });
  expect(await change('suspend')).toMatchObject({ code: 0, output: expect.stringContaining('is suspended since 2') });
  await status(403);
  expect(await change('unsuspend')).toMatchObject({ code: 0, output: expect.stringContaining('is not suspended') });
  await status(200);
  const admin = await parley(['users', 'suspend', 'admin', '--reason', 'none']);
  expect(admin).toMatchObject({ code: 1, output: expect.stringContaining('last ADMIN') });
}, 60_000);

it('sets and shows how much one user may store and spend', async () => {
  const gil = await app.user();
  const set = await parley([
    'users',
    'limit',
    gil.username,
    '--storage-quota-bytes',
    '5000',
    '--points-per-minute',
    '70',
  ]);
  expect(set.output).toContain(`${gil.username} may store 5000 bytes.`);
  const viewer = () => gil.ask('{ viewer { storageQuotaBytes pointsPerMinute } }');
  expect((await viewer()).viewer).toEqual({ storageQuotaBytes: 5_000, pointsPerMinute: 70 });
  const shown = await parley(['users', 'limit', gil.username, '--points-per-minute', 'default']);
  expect(shown.output).toMatch(/may store 5000 bytes\.\n.* may spend \d+ points per minute, as every user\./);
  expect((await viewer()).viewer).toEqual({ storageQuotaBytes: 5_000, pointsPerMinute: null });
  const wrong = ['-1', 'many', ''].map((bytes) =>
    parley(['users', 'limit', gil.username, `--storage-quota-bytes=${bytes}`]),
  );
  expect(await Promise.all(wrong)).toMatchObject(Array(3).fill({ code: 2 }));
  expect((await viewer()).viewer.storageQuotaBytes).toBe(5_000);
}, 60_000);

it('shows the database that it acts on, and changes nothing unless its name is given', async () => {
  const shown = new RegExp(`^The database: ${nameOfDatabase()} \\(`);
  const cleanUp = (...more: string[]) => parley(['clean-up', '--days', '1', '--delete', ...more]);
  const [unnamed, wrong, right, none] = await Promise.all([
    cleanUp(),
    cleanUp('--database', 'another'),
    cleanUp('--database', nameOfDatabase()),
    parley(['jobs', 'release']),
  ]);
  expect(unnamed).toMatchObject({ code: 1, output: expect.stringContaining(`pass --database ${nameOfDatabase()}`) });
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was changed') });
  expect(right).toMatchObject({ code: 0, output: expect.stringContaining('Deleted 0 conversations.') });
  expect(none).toMatchObject({ code: 0, output: expect.stringContaining('No job is held.') });
  for (const { output } of [unnamed, wrong, right, none]) expect(output).toMatch(shown);
}, 60_000);

it('examines an installation, and tells no secret', async () => {
  const well = await parley(['doctor'], s3.env);
  expect(well.output).toMatch(/^ok +disk +DATA_DIR /m);
  expect(well).toMatchObject({ code: 0, output: expect.stringMatching(/^ok {4}database {6}PostgreSQL \d+/m) });
  const url = 'postgres://parley:hunter2@127.0.0.1:1/parley';
  expect(well.output).toMatch(
    /^ok {4}files {9}Media files are in the bucket recordings, which takes, gives and removes them\.$/m,
  );
  expect([s3.objects.size, s3.uploads.size]).toEqual([0, 0]);
  s3.fail(({ operation }) => (operation === 'PutObject' ? { status: 403, code: 'AccessDenied' } : null));
  const ill = await parley(['doctor'], { DATABASE_URL: url, ...s3.env, ...twilio.env, TWILIO_AUTH_TOKEN: 'another' });
  expect(ill.output).toMatch(/^FAIL +telephony .*refuses the account/m);
  expect(ill.output).toMatch(/^FAIL {2}files {9}The keys of S3 may see the bucket, but not write/m);
  expect(ill).toMatchObject({ code: 1, output: expect.stringMatching(/^FAIL {2}database .*Check DATABASE_URL/m) });
  expect(ill.output).not.toContain('hunter2');
}, 60_000);

it('examines what it is set up with, and says what to do', async () => {
  const { code, output } = await parley(['doctor'], {
    ...twilio.env,
    PUBLIC_URL: 'https://127.0.0.1:1',
    FFMPEG_PATH: '/nowhere/ffmpeg',
    TRANSCRIBER_BASE_URL: model.url,
    TRANSCRIBER_MODEL: 'whisper-1',
    PERSISTED_OPERATIONS: CLI,
    BACKUP_DIR: join(CLI, 'backups'),
    ALERT_WEBHOOK_URL: 'http://127.0.0.1:1/secret-path',
    ALERT_WEBHOOK_SECRET: `whsec_${'s'.repeat(44)}`,
  });
  expect(code).toBe(1);
  for (const line of [
    /^ok +versions +Parley \S+ on Node 2\d/m,
    /^ok +database +Its clock and this one agree/m,
    /^ok +database +It allows \d+ connections; a server takes up to 13, a worker 17\.$/m,
    /^FAIL +operations +PERSISTED_OPERATIONS has to be a JSON object/m,
    /^FAIL +disk +ENOTDIR: .*Check DATA_DIR and BACKUP_DIR, and who owns them\.$/m,
    /^note +ffmpeg +\/nowhere\/ffmpeg is not there.*FFMPEG_PATH/m,
    /^ok +transcriber +It answers/m,
    /^ok +telephony +Twilio takes the account, and \+97239876543/m,
    /^note +telephony +https:\/\/127\.0\.0\.1:1\/health\/live does not answer here/m,
    /^FAIL +alerts +127\.0\.0\.1:1 does not answer\. Check ALERT_WEBHOOK_URL/m,
  ])
    expect(output).toMatch(line);
  expect(output).not.toMatch(/secret-path|whsec_|ssssss/);
}, 60_000);

it('does not wait for a database that accepts connections and says nothing', async () => {
  await using server = createTcpServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = { DATABASE_URL: `postgres://parley@127.0.0.1:${port}/parley`, BACKUP_DIR: join(directory, 'silent') };
  expect((await parley(['backup', 'create', '--no-verify'], { BACKUP_DIR: env.BACKUP_DIR })).code).toBe(0);
  const [name = ''] = readdirSync(env.BACKUP_DIR);
  const [examined, restored] = await Promise.all([parley(['doctor'], env), parley(['backup', 'restore', name], env)]);
  expect(examined).toMatchObject({ code: 1, output: expect.stringMatching(/^FAIL +database .*does not answer/m) });
  expect(examined.output).toMatch(/^note +embeddings/m);
  expect(restored).toMatchObject({ code: 1, output: expect.stringContaining('The database does not answer') });
}, 60_000);

it('says at once why it cannot connect to a database, where that wants a password or has no TLS', async () => {
  const sasl = (step: number, text: string) => {
    const message = Buffer.alloc(9 + text.length);
    message.write('R', 0);
    message.writeInt32BE(message.length - 1, 1);
    message.writeInt32BE(step, 5);
    message.write(text, 9);
    return message;
  };
  const isForTls = (data: Buffer) => data.length === 8;
  await using server = createTcpServer((socket) => {
    const answers = [sasl(10, 'SCRAM-SHA-256\0\0'), sasl(11, 'r=x,s=x,i=4096')];
    socket.on('error', () => {}).on('data', (data) => socket.write(isForTls(data) ? 'N' : (answers.shift() ?? '')));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const list = (end: string) =>
    parley(['keys', 'list'], { DATABASE_URL: `postgres://parley@127.0.0.1:${port}/parley${end}` });
  const [password, tls, certificate] = await Promise.all([
    list(''),
    list('?sslmode=verify-full'),
    list('?sslmode=verify-full&sslrootcert=/nowhere/root.pem'),
  ]);
  expect(password.output).toMatch(/^The database cannot be connected to: SASL: .* Check the password/);
  expect(tls.output).toMatch(/^The database cannot be connected to: The server does not support SSL .*sslmode/);
  expect(certificate.output).toMatch(/^ENOENT: .*\/nowhere\/root\.pem.*sslrootcert in DATABASE_URL\.$/m);
  for (const { code, output } of [password, tls, certificate])
    expect({ code, trace: /^ +at /m.test(output) }).toEqual({ code: 1, trace: false });
}, 60_000);

it('finds that BACKUP_DIR is not the one that workers write to, and that a number may not call', async () => {
  await sql(
    app.database,
    `INSERT INTO backups (id, name, created_at, size_bytes, uncompressed_bytes, duration_seconds)
     VALUES (gen_random_uuid(), 'elsewhere', now(), 1, 1, 1)`,
  );
  const { code, output } = await parley(['doctor'], { ...twilio.env, TWILIO_FROM: '+97231111111' });
  expect(code).toBe(1);
  expect(output).toMatch(/^FAIL +backups .*as elsewhere: all/m);
  expect(output).toMatch(/^FAIL +telephony .*may not call from/m);
});

it('finds that the newest backup is old, was never verified, or does not restore', async () => {
  const env = { BACKUP_DIR: join(directory, 'aging') };
  const [name = ''] = (await parley(['backup', 'create', '--no-verify'], env)).output.split('\t');
  const file = join(env.BACKUP_DIR, name, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const examineWith = async (changes: object, more: Record<string, string> = {}) => {
    writeFileSync(file, JSON.stringify({ ...manifest, ...changes }));
    return (await parley(['doctor'], { ...env, ...more })).output;
  };
  const old = new Date(Date.now() - 72 * 3_600_000).toISOString();
  const verification = { at: old, held: true, on: 'server', problem: null };
  const broken = { ...verification, held: false, problem: 'Its file was changed.' };
  expect(await examineWith({})).toMatch(
    new RegExp(`^note +backups +The newest, ${name}, was never verified; .* ${name}`, 'm'),
  );
  expect(await examineWith({ verification: broken })).toMatch(
    /^FAIL +backups .*does not restore \(Its file was changed\.\)/m,
  );
  expect(await examineWith({ createdAt: old, verification })).toMatch(
    /^FAIL +backups .*older than that schedule allows\. See/m,
  );
  expect(await examineWith({ createdAt: old, verification }, { BACKUP_CRON: 'off' })).toMatch(
    /^ok +backups .*by command only/m,
  );
}, 120_000);

it('acts on the same database as a server where PGHOST and the like complete DATABASE_URL', async () => {
  const { hostname, port } = new URL(app.database.url);
  const env = {
    DATABASE_URL: Object.assign(new URL(app.database.url), { pathname: '', port: '' }).href,
    PGDATABASE: nameOfDatabase(),
    PGPORT: port,
    BACKUP_DIR: join(directory, 'completed'),
  };
  const [counted, made] = await Promise.all([
    parley(['clean-up', '--days', '1'], env),
    parley(['backup', 'create', '--no-verify'], env),
  ]);
  expect(counted.output).toContain(`The database: ${nameOfDatabase()} (${hostname}:${port})`);
  const [name = ''] = made.output.split('\t');
  const { output } = await parley(['backup', 'restore', name], env);
  expect(output).toContain(`The database to be replaced: ${nameOfDatabase()} (${hostname}:${port})`);
  expect(output).toContain('Stop all servers and workers first');
}, 60_000);

it.each(['null', '<html>Sign in to the network</html>', '{"incoming_phone_numbers":null}'])(
  'takes nobody for Twilio who answers %s',
  async (page) => {
    await using server = createServer((_request, response) => response.end(page)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { ...twilio.env, TWILIO_BASE_URL: `http://127.0.0.1:${port}` };
    expect((await parley(['doctor'], env)).output).toMatch(/^FAIL +telephony .*does not answer/m);
  },
);

it('verifies the audit log, and finds a row that was changed', async () => {
  await app.admin.ask('mutation { createConversation(input: {}) { conversation { id } } }');
  const head = /^Head: (\d+:[\da-f]{64})$/m;
  const verify = (...more: string[]) => parley(['audit', 'verify', ...more]);
  const well = await verify();
  expect(well).toMatchObject({ code: 0, output: expect.stringMatching(head) });
  const [, printed = ''] = head.exec(well.output) ?? [];
  const [same, forged] = await Promise.all([
    verify('--head', printed),
    verify('--head', printed.replace(/:.*/, `:${'0'.repeat(64)}`)),
  ]);
  expect(same).toMatchObject({ code: 0 });
  expect(forged).toMatchObject({ code: 1, output: expect.stringContaining('made anew') });
  await sql(
    app.database,
    `UPDATE audit_entries SET action = 'x' || action WHERE position = (SELECT max(position) FROM audit_entries)`,
  );
  const tampered = await verify('--head', printed);
  expect(tampered).toMatchObject({ code: 1, output: expect.stringMatching(/^WRONG {2}.*was changed/m) });
}, 90_000);

it('tells how a running server does, and that none runs', async () => {
  const { url } = app.parley;
  const [given, own, elsewhere, none] = await Promise.all([
    parley(['report', '--url', url]),
    parley(['report'], { PORT: new URL(url).port, PUBLIC_URL: 'http://127.0.0.1:1' }), // as behind a proxy
    parley(['report'], { PORT: '1', PUBLIC_URL: url }),
    parley(['report', '--url', 'http://127.0.0.1:1']),
  ]);
  for (const report of [given, own, elsewhere])
    expect(report).toMatchObject({ code: 0, output: expect.stringMatching(/^Connections: total \d+/m) });
  expect(own.output).toContain(` at ${url}: `);
  expect(none).toMatchObject({ code: 1, output: expect.stringContaining('No server of Parley answers') });
  const other = await parley(['report', '--url', model.url]);
  expect(other).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^(No server of|Another program than) Parley/),
  });
});

it('says how a role is started where it is given words', async () => {
  const { code, output } = await parley(['server', 'now']);
  expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('npx parley server') });
});
