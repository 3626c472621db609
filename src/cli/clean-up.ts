import { cleanUpByOperator, countOldConversations } from '#domain/operations/old-conversations.ts';
import { type Command, print, textOption, WrongUsage } from './command.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage: npx parley clean-up --days DAYS [--delete]

Counts the conversations of all users in which nothing was said for so many days and that are not pinned; with --delete
deletes them. CLEANUP_DAYS_OLD does so by itself.`,
  options: { days: { type: 'string' }, delete: { type: 'boolean' } },
  async run(words, options) {
    const days = Number(textOption(options, 'days'));
    if (words.length > 0 || !Number.isInteger(days) || days < 1) throw new WrongUsage('Say how many days, 1 or more.');
    await withServices(readSettings(), async (deps) => {
      if (options.delete !== true)
        print(`${await countOldConversations(deps, days)} conversations; --delete deletes them.`);
      else print(`Deleted ${await cleanUpByOperator(deps, days)} conversations.`);
    });
    return 0;
  },
};
