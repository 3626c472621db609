import type { Config } from '#config/config.ts';
import type { Deps } from '#domain/core/deps.ts';
import { releaseHeldJobs } from '#domain/operations/held-jobs.ts';
import { countHeldDeliveries, releaseHeldDeliveries } from '#domain/webhooks/held-deliveries.ts';
import { type Command, type Options, print, WrongUsage } from './command.ts';
import { confirmDatabase, DATABASE_OPTION, showDatabase } from './confirm-database.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage: npx parley jobs release [--database NAME]

After a restore, jobs that act outside, as calls, and deliveries to webhooks wait: they may have been done before. This lets
them run, once the name of the database is typed, or passed where there is no terminal.`,
  options: DATABASE_OPTION,
  async run(words, options) {
    if (words.join(' ') !== 'release') throw new WrongUsage();
    const config = readSettings();
    showDatabase(config);
    return withServices(config, (deps) => release(deps, config, options));
  },
};

async function release(deps: Deps, config: Config, options: Options): Promise<number> {
  const held = await deps.database.prisma.job.groupBy({ by: ['kind'], where: { heldAt: { not: null } }, _count: true });
  const deliveries = await countHeldDeliveries(deps);
  const kinds = held.map(({ kind, _count }) => `${_count} ${kind}`);
  if (deliveries > 0) kinds.push(`${deliveries} deliveries to webhooks`);
  if (kinds.length === 0) print('No job is held.');
  else {
    print(`Held: ${kinds.join(', ')}`);
    await confirmDatabase(config, options);
    print(`Released ${await releaseHeldJobs(deps)} jobs.`);
    if (deliveries > 0) print(`Released ${await releaseHeldDeliveries(deps)} deliveries to webhooks.`);
  }
  return 0;
}
