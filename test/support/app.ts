import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { type Client, clientOf } from './client.ts';
import { ADMIN_KEY, type Parley, startParley } from './parley.ts';
import { createDatabase, type TestDatabase } from './postgres.ts';

export type App = {
  /** The server that `admin` and `user` talk to. */
  parley: Parley;
  database: TestDatabase;
  admin: Client;
  /** A new user with a key (READ and WRITE, unless told otherwise). */
  user(options?: { scopes?: string[]; role?: 'USER' | 'ADMIN' }): Promise<Client & { id: string; username: string }>;
};

const CREATE_USER = /* GraphQL */ `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id username } } }`;
const CREATE_KEY = /* GraphQL */ `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`;

/** One database and one Parley (server and worker) for a test file, started before its tests and stopped after them. */
export function useApp(env: Record<string, string> = {}): App {
  const app = {} as App;
  beforeAll(async () => {
    app.database = await createDatabase();
    app.parley = await startParley({ DATABASE_URL: app.database.url, ...env });
    app.admin = clientOf(app.parley.url, ADMIN_KEY);
    app.user = (options) => newUser(app.admin, app.parley.url, options);
  });
  afterAll(async () => {
    await app.parley?.stop();
    await app.database?.drop();
  });
  return app;
}

/** A new user of the server at `url`, with a key. */
export async function newUser(
  admin: Client,
  url: string,
  { scopes = ['READ', 'WRITE'], role = 'USER' }: { scopes?: string[]; role?: string } = {},
) {
  const username = `user-${randomUUID()}`;
  const { user } = (await admin.ask(CREATE_USER, { input: { username, role } })).createUser;
  const { secret } = (await admin.ask(CREATE_KEY, { input: { name: 'test', scopes, userId: user.id } })).createApiKey;
  return { ...clientOf(url, secret), id: user.id as string, username };
}
