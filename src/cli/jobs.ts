import { releaseHeldJobs } from '#domain/operations/held-jobs.ts';
import { type Command, print, WrongUsage } from './command.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage: npx parley jobs release

After a restore, jobs that act outside, as calls, wait: they may have been done before. This lets them run.`,
  async run(words) {
    if (words.join(' ') !== 'release') throw new WrongUsage();
    const released = await withServices(readSettings(), releaseHeldJobs);
    print(released === 0 ? 'No job is held.' : `Released ${released} jobs.`);
    return 0;
  },
};
