import { KEY_START, revokeApiKey } from '#domain/accounts/api-keys.ts';
import { createAdminKey } from '#domain/accounts/bootstrap.ts';
import { createUserKey } from '#domain/accounts/operator-keys.ts';
import type { Deps } from '#domain/core/deps.ts';
import { type Command, print, Refused, textOption, WrongUsage } from './command.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage:
  npx parley keys create --admin          prints a new key with all scopes, of the user admin; npm run keys -- create --admin does, too
  npx parley keys create --user USERNAME  prints a new key of a user, with the scopes READ and WRITE
  npx parley keys list                    lists the keys that work, with their users; never their secrets
  npx parley keys revoke PREFIX           ends the key that begins with PREFIX, with its live sockets

On PostgreSQL also while servers run; on the embedded database while nobody has DATA_DIR.`,
  options: { admin: { type: 'boolean' }, user: { type: 'string' } },
  async run(words, options) {
    const [action, prefix, ...rest] = words;
    const user = textOption(options, 'user');
    if (rest.length > 0) throw new WrongUsage();
    if (action === 'create' && prefix === undefined && (options.admin === true) !== (user !== undefined))
      return withServices(readSettings(), (deps) => create(deps, user));
    if (action === 'list' && prefix === undefined) return withServices(readSettings(), list);
    if (action === 'revoke' && prefix !== undefined && prefix.length <= KEY_START.length)
      // the only key of an installation would be ended
      throw new WrongUsage(`PREFIX is the beginning of one key, as ${KEY_START}AbCdEfGh; \`keys list\` shows them.`);
    if (action === 'revoke' && prefix !== undefined)
      return withServices(readSettings(), (deps) => revoke(deps, prefix));
    throw new WrongUsage();
  },
};

async function create(deps: Deps, username: string | undefined): Promise<number> {
  const secret = username === undefined ? await createAdminKey(deps) : await createUserKey(deps, username);
  print(`${secret}\nIt is shown only once.`);
  return 0;
}

async function list({ database, now }: Deps): Promise<number> {
  const keys = await database.prisma.apiKey.findMany({
    where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] },
    include: { user: { select: { username: true } } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  for (const { prefix, name, user, scopes, lastUsedAt } of keys)
    print([prefix, user.username, scopes.join(','), lastUsedAt?.toISOString() ?? 'never used', name].join('\t'));
  return 0;
}

async function revoke(deps: Deps, prefix: string): Promise<number> {
  const found = await deps.database.prisma.apiKey.findMany({
    where: { prefix: { startsWith: prefix }, revokedAt: null },
    take: 2,
  });
  const [key] = found;
  if (!key) throw new Refused(`No key begins with ${prefix}; \`npx parley keys list\` shows them.`);
  if (found.length > 1) throw new Refused(`Several keys begin with ${prefix}; give more of it.`);
  await revokeApiKey(deps, { apiKeyId: key.id });
  print(`Revoked ${key.prefix}, ${key.name}.`);
  return 0;
}
