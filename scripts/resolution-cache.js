// Keeps which file each import leads to, for the next start of this process: a third of what a start takes goes into looking for them on
// the disk. Where the compiled code is kept, and good for as long as the packages, package.json and Node are the same ones. What the
// project imports of itself needs no look: such imports name their files in full.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const directory = process.env.CACHE_DIRECTORY ?? fileURLToPath(new URL('node_modules/.cache', root));
const file = `${directory}/resolved.json`;

const stampOf = (name) => {
  const { mtimeMs, size } = statSync(new URL(name, root));
  return [name, Math.floor(mtimeMs / 1000), size]; // an image keeps whole seconds
};

/** What the kept answers hold for; undefined without packages of npm's, where none are kept. */
function findVersion() {
  try {
    return JSON.stringify([
      process.version,
      root.href,
      stampOf('package.json'),
      stampOf('node_modules/.package-lock.json'),
    ]);
  } catch {
    return undefined;
  }
}

/** By the importing file, then by what it imports. */
function readKept(version) {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    return kept.version === version ? kept.resolved : {};
  } catch {
    return {};
  }
}

/** Without a place to write, the next start looks again. */
function write(version, resolved) {
  const written = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(written, JSON.stringify({ version, resolved }));
    renameSync(written, file);
  } catch {}
}

function keepResolutions(version) {
  const resolved = readKept(version);
  let isComplete = true;
  module.registerHooks({
    resolve(specifier, context, next) {
      const { parentURL = '', conditions } = context;
      const name = conditions.includes('require') ? `require ${specifier}` : specifier;
      const known = resolved[parentURL]?.[name];
      if (known) return { url: known[0], format: known[1] ?? undefined, shortCircuit: true };
      const { url, format } = next(specifier, context);
      if (parentURL.startsWith('file:') && url.startsWith('file:') && !url.includes('?')) {
        resolved[parentURL] ??= {};
        resolved[parentURL][name] = [url, format];
        isComplete = false;
      }
      return { url, format };
    },
  });
  process.on('exit', () => {
    if (!isComplete) write(version, resolved);
  });
}

const version = module.registerHooks && findVersion();
if (version) keepResolutions(version);
