import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listSecrets, readConfig, settings } from '#config/config.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { createDatabase } from '../support/databases.ts';
import { spawnParley } from '../support/parley.ts';

describe('a process with a wrong configuration', () => {
  it('ends with 1, and names every problem at once, but no secret', async () => {
    const parley = spawnParley({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:hunter2@localhost/parley',
      REDIS_URL: 'not a url',
      DATABASE_REPLICA_URL: 'http://replica',
      DATABASE_REPLICA_MAX_LAG_SECONDS: '0',
      BOOTSTRAP_ADMIN_KEY: 'prl_tooshort',
      MAX_CONCURRENT_JOBS: '0',
      JOB_LEASE_MS: '10',
      MODEL_BASE_URL: 'http://me:hunter2@127.0.0.1:11434/v1',
      EMBEDDING_MODEL: 'nomic-embed-text',
    });
    expect(await parley.ended).toBe(1);
    const told = parley.output.join('\n');
    expect(told).toMatch(/has 12 problem/);
    for (const name of [
      'PORT',
      'LOG_LEVEL',
      'DATABASE_URL',
      'REDIS_URL',
      'DATABASE_REPLICA_URL',
      'DATABASE_REPLICA_MAX_LAG_SECONDS',
      'BOOTSTRAP_ADMIN_KEY',
      'MAX_CONCURRENT_JOBS',
      'JOB_LEASE_MS',
      'MODEL_BASE_URL',
      'MODEL_NAME',
      'EMBEDDING_BASE_URL',
    ]) {
      expect(told).toContain(`${name}: `);
    }
    expect(told).not.toMatch(/hunter2|tooshort|\bat .*\.ts/);
  });

  it('shows what is wrong in each value, without passwords, and names what is misspelt', async () => {
    const parley = spawnParley({
      PORT: 'eighty',
      SQL_ECHO: 'yes',
      DATABASE_URL: 'mysql://root:hunt@er2@localhost/parley?password=hunter2',
      REDIS_URL: 'localhost:6379',
      BOOTSTRAP_ADMIN_KEY: 'prl_tooshort',
      METRICS_TOKEN: 'אסימון של מדידה ארוך',
      MODEL_BASEURL: 'http://127.0.0.1:11434/v1',
      MODEL_NAME: 'llama3.2',
      MODEL_DIR: '/models',
      LOG_FORMAT: 'json',
    });
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([
      'The configuration has 7 problem(s):',
      '  PORT: must be a whole number from 0 to 65535 (it is "eighty")',
      '  DATABASE_URL: must be a URL that begins with postgres:// or postgresql:// (it is "mysql://…@localhost/parley?…")',
      '  REDIS_URL: must be a URL that begins with redis:// or rediss:// (it is "localhost:6379")',
      '  BOOTSTRAP_ADMIN_KEY: must be prl_ and 32 random bytes in base64url, 43 characters',
      '  METRICS_TOKEN: must be of ASCII, and neither begin nor end with a space, as it stands in a header',
      '  MODEL_BASE_URL: is missing: MODEL_NAME and MODEL_BASE_URL go together',
      '  SQL_ECHO: must be one of true, false, 1, 0 (it is "yes")',
      '  MODEL_BASEURL is not a setting of Parley; the nearest is MODEL_BASE_URL.',
      '  MODEL_DIR is not a setting of Parley; the nearest is MODEL_NAME.',
    ]);
  });

  it.each(['server', 'worker'])('ends with 1 and a sentence where a %s has no database to share', async (role) => {
    const parley = spawnParley({}, role);
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([
      'A server or worker alone needs DATABASE_URL; without it, `npm start` runs both in one process.',
    ]);
  });

  it.each(['gardener', 'constructor'])('ends with 1 and a sentence where it is asked to be a %s', async (role) => {
    const parley = spawnParley({}, role);
    expect(await parley.ended).toBe(1);
    expect(parley.output).toEqual([`There is no role "${role}": say server, worker, or nothing for both.`]);
  });
});

describe('a variable that is no setting', () => {
  const cleanup = useCleanup();

  it('is named in the log where it looks like one, with the nearest; those of other programs are not', async () => {
    const database = await createDatabase();
    cleanup.defer(() => database.drop());
    const others = { HOME: '/', TERM: 'dumb', NODE_PATH: '/', REDIS_HOST: 'x', PUBLIC_IP: 'x', PGPORT: '1', POST: '1' };
    const parley = spawnParley({ ...database.env, ...others, DATABSE_URL: 'x', CORS_ORIGIN: 'x' }, 'server');
    cleanup.defer(() => parley.stop());
    await parley.waitForStart();
    const warnings = parley.log.filter(({ level, msg }) => level === 40 && msg !== 'slow query');
    expect(warnings.map(({ msg }) => msg)).toEqual([
      'DATABSE_URL is not a setting of Parley; the nearest is DATABASE_URL.',
      'CORS_ORIGIN is not a setting of Parley; the nearest is CORS_ORIGINS.',
    ]);
  });
});

describe('a file .env', () => {
  const cleanup = useCleanup();

  it('is read where the process starts, and variables that are set win over it', async () => {
    const database = await createDatabase();
    cleanup.defer(() => database.drop());
    const home = createDirectory(cleanup);
    await writeFile(join(home, '.env'), `DATABASE_URL="${database.url}"\nPORT=1\n# a comment\n`);
    const parley = spawnParley({ PORT: '0' }, 'server', { cwd: home });
    cleanup.defer(() => parley.stop());
    await parley.waitForStart();
    expect((await parley.admin.ask('{ viewer { role } }')).viewer).toEqual({ role: 'ADMIN' });
    expect(await parley.stop()).toBe(0);
  });
});

it('.env.example shows every variable once, and no other', async () => {
  const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
  const shown = [...example.matchAll(/^# ([A-Z0-9_]+)=/gm)].map(([, name]) => name);
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
  expect(shown.toSorted()).toEqual(Object.keys(properties).sort());
});

/** Returns the variables of all groups with their schemas. */
const variablesOf = (schema: any): Record<string, any> =>
  schema.def.type === 'intersection'
    ? { ...variablesOf(schema.def.left), ...variablesOf(schema.def.right) }
    : schema.in.shape;

it('docs/settings.md explains every variable once, with its default', async () => {
  const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| (`.+?) \| (.+) \|$/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([A-Z0-9_]+)`(?: \(([^)]+)\))?/g)].map(([, name, value = '']) => `${name}=${value}`),
  );
  const defaults = Object.entries(variablesOf(settings)).map(([name, { def }]) => `${name}=${def.defaultValue ?? ''}`);
  expect(told.toSorted()).toEqual(defaults.toSorted());
});

describe('readConfig', () => {
  it('has files in a bucket where one is named, and says what is missing beside it', () => {
    expect(readConfig({}).bucket).toBeNull();
    const own = { S3_BUCKET: 'media', S3_ENDPOINT: 'http://127.0.0.1:9000' };
    expect(readConfig({ ...own, S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' }).bucket).toEqual({
      bucket: 'media',
      endpoint: 'http://127.0.0.1:9000',
      region: 'us-east-1',
      keys: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    expect(readConfig({ S3_BUCKET: 'media', S3_REGION: 'eu-west-1' }).bucket).toMatchObject({ keys: undefined });
    expect(() => readConfig({ S3_ENDPOINT: own.S3_ENDPOINT })).toThrow('S3_BUCKET: is missing');
    expect(() => readConfig({ ...own, S3_ACCESS_KEY_ID: 'id' })).toThrow(
      'S3_SECRET_ACCESS_KEY: and S3_ACCESS_KEY_ID go together',
    );
    expect(() => readConfig({ ...own, S3_BUCKET: 's3://media' })).toThrow('without s3://');
    expect(() => readConfig({ ...own, MAX_FILE_SIZE: '90000000000' })).toThrow(
      'MAX_FILE_SIZE: must be 83886080000 at most',
    );
  });

  it.each(['0 2 * *', '0 2', '5', '0 0 2 * * *', '0 2 * * ? *', 'H 2 * * *', '0 25 * * *'])(
    'refuses %s as the times of backups',
    (cron) => expect(() => readConfig({ BACKUP_CRON: cron })).toThrow('BACKUP_CRON: must be five fields'),
  );

  it.each(['0 2 * * *', '*/30 8-18 * * MON-THU', '@daily'])('takes %s as the times of backups', (cron) => {
    expect(readConfig({ BACKUP_CRON: cron }).backups.cron).toBe(cron);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '', REDIS_URL: '' })).toMatchObject({
      port: 4000,
      databaseUrl: undefined,
      redisUrl: undefined,
    });
  });

  it('ignores white space around values, as a file with CRLF lines leaves it', () => {
    const clean = {
      DATA_DIR: '/data',
      HOST: '0.0.0.0',
      SQL_ECHO: 'true',
      BACKUP_CRON: 'off',
      METRICS_TOKEN: 'a-token-of-sixteen',
    };
    const withSpace = Object.fromEntries(Object.entries(clean).map(([name, value]) => [name, ` ${value}\r`]));
    expect(readConfig(withSpace)).toEqual(readConfig(clean));
    expect(listSecrets(withSpace)).toEqual(['a-token-of-sixteen']);
  });

  it('takes origins as browsers send them, and no others', () => {
    const { corsOrigins } = readConfig({
      CORS_ORIGINS: 'https://App.example.com:443/, http://127.0.0.1:5173,capacitor://localhost',
    });
    expect(corsOrigins).toEqual(['https://app.example.com', 'http://127.0.0.1:5173', 'capacitor://localhost']);
    for (const wrong of [
      '*',
      'https://*.example.com',
      'null',
      'app.example.com',
      'https://app.example.com/shop',
      'https://a.example.com/?b',
    ])
      expect(() => readConfig({ CORS_ORIGINS: wrong })).toThrow('CORS_ORIGINS: must be origins');
  });

  it('tells a problem once, of a variable that several groups read', () => {
    expect(() => readConfig({ PUBLIC_URL: 'example.com' })).toThrow(
      /has 1 problem.*\n {2}PUBLIC_URL: must be a URL[^\n]*$/,
    );
    expect(() => readConfig({ PUBLIC_URL: 'https://example.com?shop=1' })).toThrow(
      'PUBLIC_URL: must have no ? and no #',
    );
  });

  it('takes a variable of spaces for one that is not set, and not for 0', () => {
    const spaces = { PORT: ' ', RESPONSE_CACHE_MB: '  ', ALERT_AFTER_SECONDS: '\t' };
    expect(readConfig(spaces)).toEqual(readConfig({}));
  });

  it('says what is wrong with a password that is not written as in a URL, and does not show it', () => {
    const read = () => readConfig({ DATABASE_URL: 'postgres://parley:100%sure@127.0.0.1/parley' });
    expect(read).toThrow(
      'DATABASE_URL: must have %25 where its password has a % (it is "postgres://…@127.0.0.1/parley")',
    );
    expect(readConfig({ DATABASE_URL: 'postgres://parley:100%25@127.0.0.1/parley' })).toHaveProperty('databaseUrl');
  });

  it('takes a comma alone for a list of nothing', () => {
    expect(readConfig({ HOLIDAY_TYPES: ',', CONSENT_COUNTRIES: ',' }).sales).toMatchObject({
      holidayTypes: [],
      consent: { countries: [] },
    });
  });

  it('has the defaults that the documentation promises', () => {
    expect(readConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      databasePoolSize: 10,
      slowQueryMs: 100,
      metricsRetentionHours: 24,
      maxConcurrentJobs: 3,
      maxQueueSize: 100,
      maxQueuedPerUser: 50,
      jobLeaseMs: 30_000,
      jobsKeepDays: 30,
      auditKeepDays: 400,
      corsOrigins: [],
      maxContextMessages: 6,
      maxContextTokens: 8_000,
      extractMemories: true,
      maxConcurrentReplies: 32,
      model: null,
      embedding: null,
      sales: {
        defaultPhoneRegion: null,
        callWindow: { start: '09:00', end: '18:00', days: [7, 1, 2, 3, 4], respectShabbat: true },
        holidayTypes: ['public'],
        consent: { countries: expect.arrayContaining(['IL', 'US', 'GB', 'DE']), days: 365 },
        registry: { countries: ['IL'], days: 15 },
        maxAttempts: 3,
        retryHours: 4,
      },
    });
  });

  it('names what is wrong with the rules of calls', () => {
    const wrong = {
      ...{ CALL_WINDOW_START: '9', CALL_DAYS: '0', HOLIDAY_TYPES: 'all', CLOSED_DAYS: '1.1.2027' },
      ...{ CONSENT_COUNTRIES: 'Israel', DEFAULT_PHONE_REGION: 'il', REGISTRY_DAYS: '0' },
    };
    for (const [name, value] of Object.entries(wrong))
      expect(() => readConfig({ [name]: value })).toThrow(`${name}: must be`);
    expect(() => readConfig({ CALL_WINDOW_START: '18:00' })).toThrow('CALL_WINDOW_END: must be later');
    expect(() => readConfig({ CALL_WINDOW_END: '24:01' })).toThrow('CALL_WINDOW_END: must be');
    expect(readConfig({ CALL_WINDOW_END: '24:00' }).sales.callWindow.end).toBe('24:00');
  });

  it('has an endpoint where its address and model are named, with a key or without', () => {
    const address = { MODEL_BASE_URL: 'http://127.0.0.1:11434/v1', MODEL_NAME: 'llama3.2' };
    const model = {
      baseUrl: address.MODEL_BASE_URL,
      name: 'llama3.2',
      alternatives: [],
      timeoutMs: 20_000,
      firstTokenTimeoutMs: 120_000,
    };
    expect(readConfig(address).model).toEqual({ ...model, apiKey: null });
    expect(
      readConfig({ ...address, MODEL_API_KEY: 'k', MODEL_TIMEOUT_MS: '500', MODEL_FIRST_TOKEN_TIMEOUT_MS: '900' })
        .model,
    ).toEqual({
      ...model,
      apiKey: 'k',
      timeoutMs: 500,
      firstTokenTimeoutMs: 900,
    });
  });

  it('lets webhooks lead to the machine itself in development only', () => {
    expect(readConfig({}).webhooks).toEqual({ allowedNetworks: [], allowLoopback: false, keepDays: 14 });
    const local = { WEBHOOK_ALLOW_LOOPBACK: 'true', WEBHOOK_ALLOWED_NETWORKS: '10.1.0.0/16, fd00::/8' };
    expect(readConfig(local).webhooks).toMatchObject({
      ...{ allowLoopback: true, allowedNetworks: ['10.1.0.0/16', 'fd00::/8'] },
    });
    expect(() => readConfig({ ...local, NODE_ENV: 'production' })).toThrow(
      'WEBHOOK_ALLOW_LOOPBACK: is for development',
    );
    expect(() => readConfig({ WEBHOOK_ALLOWED_NETWORKS: '10.1.0.0/33' })).toThrow(
      'WEBHOOK_ALLOWED_NETWORKS: must be IP',
    );
    expect(() => readConfig({ WEBHOOK_DELIVERIES_KEEP_DAYS: '2' })).toThrow('WEBHOOK_DELIVERIES_KEEP_DAYS: must be');
  });

  it('reads lists and flags as people write them', () => {
    expect(readConfig({ CORS_ORIGINS: 'https://a.example, https://b.example,', SQL_ECHO: '1' })).toMatchObject({
      corsOrigins: ['https://a.example', 'https://b.example'],
      sqlEcho: true,
    });
  });
});
