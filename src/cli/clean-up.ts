import { cleanUpByOperator, countOldConversations, MAX_DAYS_OLD } from '#domain/operations/old-conversations.ts';
import { type Command, print, textOption, WrongUsage } from './command.ts';
import { confirmDatabase, DATABASE_OPTION, showDatabase } from './confirm-database.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage: npx parley clean-up --days DAYS [--delete [--database NAME]]

Counts the conversations of all users in which nothing was said for so many days and that are not pinned; with --delete
deletes them, once the name of the database is typed, or passed where there is no terminal. CLEANUP_DAYS_OLD does so by itself.`,
  options: { days: { type: 'string' }, delete: { type: 'boolean' }, ...DATABASE_OPTION },
  async run(words, options) {
    const days = Number(textOption(options, 'days'));
    if (words.length > 0 || !Number.isInteger(days) || days < 1 || days > MAX_DAYS_OLD)
      throw new WrongUsage(`Say how many days, from 1 to ${MAX_DAYS_OLD}.`);
    const config = readSettings();
    showDatabase(config);
    await withServices(config, async (deps) => {
      print(`${await countOldConversations(deps, days)} conversations are so old.`);
      if (options.delete !== true) return print('--delete deletes them.');
      await confirmDatabase(config, options);
      print(`Deleted ${await cleanUpByOperator(deps, days)} conversations.`);
    });
    return 0;
  },
};
