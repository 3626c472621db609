// Ends the process with a sentence where Node cannot run TypeScript. In JavaScript, which every Node reads.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
const { node } = process.versions;
const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

/** Whether npm has brought a Node without the link by which scripts find it, as npm 9 does. */
function lacksLink() {
  if (!existsSync(packages) || existsSync(`${packages}/.bin/node`)) return false;
  return readdirSync(packages).some((name) => /^node-(bin-)?(linux|darwin|win)-/.test(name));
}

if (Number.parseInt(node, 10) < OLDEST) {
  const help = lacksLink()
    ? '`npm ci` has brought one, but your npm made no link to it: `npm rebuild --ignore-scripts` does, and `npm start` runs on it then.'
    : '`npm ci` brings it, and `npm start` runs on it.';
  console.error(`Parley needs Node ${OLDEST} or newer, and this is Node ${node}: ${help}`);
  process.exit(1);
}
