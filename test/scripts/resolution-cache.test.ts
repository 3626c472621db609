import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../scripts/resolution-cache.js');
const KEPT = 'node_modules/.cache/resolved.json';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-resolutions-'));
  await mkdir(join(root, 'scripts'));
  await cp(SCRIPT, join(root, 'scripts/resolution-cache.js'));
  await write('package.json', '{ "type": "module", "imports": { "#*": "./src/*" } }');
  await write('node_modules/.package-lock.json', '1');
  await write('start.js', "import './scripts/resolution-cache.js'; await import('./src/main.js');");
  await write('src/main.js', "import pet from 'pet'; import { food } from '#food.js'; console.log(pet, food);");
  await write('src/food.js', "export const food = 'hay';");
  await installPet('old.cjs', 'horse');
});

afterEach(() => rm(root, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

async function installPet(main: string, name: string): Promise<void> {
  await write('node_modules/pet/package.json', JSON.stringify({ name: 'pet', main }));
  await write('node_modules/pet/name.json', JSON.stringify({ name }));
  await write(`node_modules/pet/${main}`, "module.exports = require('./name.json').name;");
}

async function start(env = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'start.js')], { env });
  return stdout.trim();
}

it('starts the same with what the start before has kept', async () => {
  expect(await start()).toBe('horse hay');
  expect(await readFile(join(root, KEPT), 'utf8')).toContain('old.cjs');
  expect(await start()).toBe('horse hay');
});

it('looks nowhere for what it has kept', async () => {
  await start();
  await write(KEPT, (await readFile(join(root, KEPT), 'utf8')).replaceAll('old.cjs', 'kept.cjs'));
  await write('node_modules/pet/kept.cjs', "module.exports = 'donkey';");
  expect(await start()).toBe('donkey hay');
});

it('takes the packages that are installed since', async () => {
  await start();
  await installPet('new.cjs', 'zebra');
  await write('node_modules/.package-lock.json', 'another');
  expect(await start()).toBe('zebra hay');
});

it('starts with kept answers that are damaged, and mends them', async () => {
  await start();
  await write(KEPT, '{"version":');
  expect(await start()).toBe('horse hay');
  expect(await readFile(join(root, KEPT), 'utf8')).toContain('old.cjs');
});

it('starts where nothing can be written', async () => {
  await write('node_modules/.cache', 'a file in the place of the directory');
  expect(await start()).toBe('horse hay');
});

it('keeps it where the service manager says', async () => {
  const CACHE_DIRECTORY = join(root, 'elsewhere');
  await start({ CACHE_DIRECTORY });
  expect(await readFile(join(CACHE_DIRECTORY, 'resolved.json'), 'utf8')).toContain('old.cjs');
  await expect(readFile(join(root, KEPT))).rejects.toMatchObject({ code: 'ENOENT' });
});
