import { type Command, print, WrongUsage } from './command.ts';
import { examine } from './doctor/checks.ts';
import { explainError } from './explain-error.ts';
import { readSettings } from './open-services.ts';

export const command: Command = {
  usage: `Usage: npx parley doctor

Looks at all that Parley needs, and says for each what to do. Exit code 1 where something has to be mended. On the embedded
database it looks at the rest while a server has DATA_DIR.`,
  async run(words) {
    if (words.length > 0) throw new WrongUsage();
    let failed = false;
    const show = ({ name, state, words: sentence }: Awaited<ReturnType<typeof examine>>[number]) => {
      print(`${state.padEnd(6)}${name.padEnd(14)}${sentence}`);
      failed ||= state === 'FAIL';
    };
    try {
      for (const finding of await examine(readSettings())) show(finding);
    } catch (error) {
      show({ name: 'settings', state: 'FAIL', words: explainError(error) });
    }
    return failed ? 1 : 0;
  },
};
