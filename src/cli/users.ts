import type { Config } from '#config/config.ts';
import { createUser, findUserByName } from '#domain/accounts/users.ts';
import type { Deps } from '#domain/core/deps.ts';
import { countRows } from '#domain/operations/erasure/erase-rows.ts';
import { eraseByOperator } from '#domain/operations/erasure/request-erasure.ts';
import type { Role } from '#generated/prisma/enums.ts';
import { type Command, type Options, print, Refused, textOption, WrongUsage } from './command.ts';
import { confirmDatabase, DATABASE_OPTION, showDatabase } from './confirm-database.ts';
import { confirmName } from './confirm-name.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage:
  npx parley users create USERNAME [--role USER|ADMIN] [--display-name NAME] [--email ADDRESS]
  npx parley users erase USERNAME [--confirm USERNAME --database NAME]

\`erase\` shows the database and what belongs to the user, asks for the names of both (or takes them from --database and
--confirm, where there is no terminal), and deletes it for good, also from backups that are restored later. It may be repeated.`,
  options: {
    role: { type: 'string' },
    'display-name': { type: 'string' },
    email: { type: 'string' },
    confirm: { type: 'string' },
    ...DATABASE_OPTION,
  },
  async run([action, username, ...rest], options) {
    if (username === undefined || rest.length > 0) throw new WrongUsage();
    if (action === 'erase') {
      const config = readSettings();
      showDatabase(config);
      return withServices(config, (deps) => erase(deps, username, config, options));
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

async function erase(deps: Deps, username: string, config: Config, options: Options): Promise<number> {
  const user = await findUserByName(deps, username);
  if (!user) throw new Refused(`There is no user ${username}.`);
  print(`What belongs to ${username}: ${JSON.stringify(await countRows(deps.database.prisma, user.id))}`);
  await confirmDatabase(config, options);
  await confirmName(username, textOption(options, 'confirm'), 'confirm');
  print(`Erased: ${JSON.stringify(await eraseByOperator(deps, user.id))}`);
  return 0;
}
