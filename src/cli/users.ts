import type { Config } from '#config/config.ts';
import { setUserLimits, type UserLimits } from '#domain/accounts/user-limits.ts';
import { createUser, findUserByName } from '#domain/accounts/users.ts';
import type { Deps } from '#domain/core/deps.ts';
import { countRows } from '#domain/operations/erasure/erase-rows.ts';
import { eraseByOperator } from '#domain/operations/erasure/request-erasure.ts';
import { suspendUser, unsuspendUser } from '#domain/operations/suspension/suspend-user.ts';
import { writeArchive } from '#domain/operations/user-export/write-archive.ts';
import type { User } from '#generated/prisma/client.ts';
import type { Role } from '#generated/prisma/enums.ts';
import { type Command, type Options, print, Refused, textOption, WrongUsage } from './command.ts';
import { confirmDatabase, DATABASE_OPTION, showDatabase } from './confirm-database.ts';
import { confirmName } from './confirm-name.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage:
  npx parley users create USERNAME [--role USER|ADMIN] [--display-name NAME] [--email ADDRESS]
  npx parley users suspend USERNAME --reason TEXT
  npx parley users unsuspend USERNAME --reason TEXT
  npx parley users limit USERNAME [--storage-quota-bytes BYTES|default] [--points-per-minute POINTS|default]
  npx parley users export USERNAME FILE
  npx parley users erase USERNAME [--confirm USERNAME --database NAME]

\`suspend\` refuses all keys of the user, and stops their jobs and calls, until \`unsuspend\`; nothing is deleted. \`limit\`
sets how much one user may store and spend, and shows it. \`export\` writes all that
is stored about the user, without secrets and recordings, into a new ZIP file. \`erase\` shows the database and what belongs to the
user, asks for the names of both (or takes them from --database and --confirm, where there is no terminal), and deletes it for good, also
from backups that are restored later. It may be repeated.`,
  options: {
    role: { type: 'string' },
    'display-name': { type: 'string' },
    email: { type: 'string' },
    reason: { type: 'string' },
    'storage-quota-bytes': { type: 'string' },
    'points-per-minute': { type: 'string' },
    confirm: { type: 'string' },
    ...DATABASE_OPTION,
  },
  async run([action, username, file, ...rest], options) {
    if (username === undefined || rest.length > 0 || (file !== undefined) !== (action === 'export'))
      throw new WrongUsage();
    if (file !== undefined) return withServices(readSettings(), (deps) => exportData(deps, username, file));
    if (action === 'erase') {
      const config = readSettings();
      showDatabase(config);
      return withServices(config, (deps) => erase(deps, username, config, options));
    }
    const reason = textOption(options, 'reason');
    if (action === 'suspend' || action === 'unsuspend') {
      if (reason === undefined) throw new WrongUsage('Say why, with --reason.');
      return withServices(readSettings(), (deps) => changeSuspension(deps, action, username, reason));
    }
    if (action === 'limit') {
      const storageQuotaBytes = limitOption(options, 'storage-quota-bytes');
      const pointsPerMinute = limitOption(options, 'points-per-minute');
      return withServices(readSettings(), (deps) => limit(deps, username, { storageQuotaBytes, pointsPerMinute }));
    }
    if (action !== 'create') throw new WrongUsage();
    const role = textOption(options, 'role') ?? 'USER';
    if (role !== 'USER' && role !== 'ADMIN') throw new WrongUsage('A role is USER or ADMIN.');
    const [displayName, email] = [textOption(options, 'display-name'), textOption(options, 'email')];
    return withServices(readSettings(), (deps) => create(deps, { username, role, displayName, email }));
  },
};

type NewUser = { username: string; role: Role; displayName: string | undefined; email: string | undefined };

async function create(deps: Deps, user: NewUser): Promise<number> {
  const { username } = await createUser(deps, user);
  print(`Created ${username}; \`npx parley keys create --user ${username}\` makes a key.`);
  return 0;
}

async function changeSuspension(
  deps: Deps,
  action: 'suspend' | 'unsuspend',
  username: string,
  reason: string,
): Promise<number> {
  const { id: userId } = await findUser(deps, username);
  const change = action === 'suspend' ? suspendUser : unsuspendUser;
  const { suspendedAt } = await change(deps, { userId, reason });
  print(suspendedAt ? `${username} is suspended since ${suspendedAt.toISOString()}.` : `${username} is not suspended.`);
  return 0;
}

/** Returns a limit; null for that of the installation, and undefined if the option is omitted. */
function limitOption(options: Options, name: string): number | null | undefined {
  const text = textOption(options, name);
  if (text === undefined || text === 'default') return text && null;
  if (!/^\d{1,15}$/.test(text)) throw new WrongUsage(`--${name} is a number, or \`default\`.`);
  return Number(text);
}

async function limit(deps: Deps, username: string, limits: Omit<UserLimits, 'userId'>): Promise<number> {
  const { id: userId } = await findUser(deps, username);
  const user = await setUserLimits(deps, { userId, ...limits });
  const { storageQuotaBytes: bytes, pointsPerMinute: points } = user;
  print(
    `${username} may store ${bytes ?? deps.limits.maxStorageBytes} bytes${bytes === null ? ', as every user' : ''}.`,
  );
  print(
    `${username} may spend ${points ?? deps.limits.rateLimitPoints} points per minute${points === null ? ', as every user' : ''}.`,
  );
  return 0;
}

async function exportData(deps: Deps, username: string, file: string): Promise<number> {
  const { id } = await findUser(deps, username);
  const { signal } = new AbortController();
  const rows = await writeArchive(deps, id, file, { signal, onProgress: () => {} }).catch((error) => {
    throw explainFile(file, error);
  });
  print(`Wrote ${file}: ${JSON.stringify(rows)}`);
  return 0;
}

function explainFile(file: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EEXIST') return new Refused(`${file} is there already; name a new file.`);
  if (error.syscall === undefined) return error;
  return new Refused(`${file} cannot be written: ${error.message}. Name a file in a folder that can be.`);
}

async function findUser(deps: Deps, username: string): Promise<User> {
  const user = await findUserByName(deps, username);
  if (!user) throw new Refused(`There is no user ${username}.`);
  return user;
}

async function erase(deps: Deps, username: string, config: Config, options: Options): Promise<number> {
  const user = await findUser(deps, username);
  print(`What belongs to ${username}: ${JSON.stringify(await countRows(deps.database.prisma, user.id))}`);
  await confirmDatabase(config, options);
  await confirmName(username, textOption(options, 'confirm'), 'confirm');
  print(`Erased: ${JSON.stringify(await eraseByOperator(deps, user.id))}`);
  return 0;
}
