// Ends the process with a sentence where Node cannot run TypeScript. In JavaScript, which every Node reads.

const OLDEST = 24;
const { node } = process.versions;

if (Number.parseInt(node, 10) < OLDEST) {
  console.error(
    `Parley needs Node ${OLDEST} or newer, and this is Node ${node}: \`npm ci\` brings it, and \`npm start\` runs on it.`,
  );
  process.exit(1);
}
