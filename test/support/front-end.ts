import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Cleanup, createDirectory } from './cleanup.ts';

type Files = Record<string, string>;

/** The pages as they were built, and what the application's server is made of. */
export type FrontEnd = {
  /** The folder with `codegen/apollo.html`, `codegen/urql.html` and `relay/index.html`. */
  pages: string;
  /** The path of `server/keys.ts`. */
  keys: string;
};

const ROOT = join(import.meta.dirname, '../..');
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    types: ['vite/client', 'node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['src', 'server'],
};
const TWO_PAGES = `export default { build: { rolldownOptions: { input: ['apollo.html', 'urql.html'] } } };`;
const pageOf = (client: string) =>
  `<!doctype html><ul id="conversations"></ul><ul id="memories"></ul><script type="module" src="/src/${client}.ts"></script>`;

/**
 * Does with docs/front-end.md what its reader does: pastes the code, generates, checks types and builds, in a project for
 * Apollo and urql, and one for Relay. In mode development, in which the libraries say what they do not like.
 */
export async function buildFrontEnd(parleyUrl: string, cleanup: Cleanup): Promise<FrontEnd> {
  const directory = createDirectory(cleanup);
  const pages = join(directory, 'pages');
  const files = filesOf('docs/front-end.md', /^### `(?<name>.+)`$[\s\S]*?^```\w+\n(?<text>[\s\S]*?)^```$/gm);
  const [relay, others] = [/relay|vite/, /apollo|urql|operations|with-changes/];
  const codegen = filesOf('README.md', /^```ts\n(?<text>\/\/ (?<name>codegen\.ts)[\s\S]*?)^```$/gm);
  const build = async (name: string, project: Files, generate: string) => {
    const cwd = join(directory, name);
    writeProject(cwd, project);
    const env = { ...process.env, NODE_ENV: 'development', VITE_PARLEY_URL: parleyUrl };
    const tool = (command: string, ...args: string[]) =>
      run(join(cwd, 'node_modules/.bin', command), args, { cwd, env });
    await tool(generate);
    await Promise.all([
      tool('tsc'),
      tool('vite', 'build', '--mode', 'development', '--base', './', '--outDir', join(pages, name)),
    ]);
  };
  const two = { 'apollo.html': pageOf('apollo'), 'urql.html': pageOf('urql'), 'vite.config.ts': TWO_PAGES };
  await Promise.all([
    build('codegen', { ...without(files, relay), ...codegen, ...two }, 'graphql-codegen'),
    build('relay', { ...without(files, others), 'index.html': pageOf('relay') }, 'relay-compiler'),
  ]);
  return { pages, keys: join(directory, 'codegen/server/keys.ts') };
}

/** The files in the fences of a document: `text` by `name`. */
function filesOf(document: string, fence: RegExp): Files {
  const found = readFileSync(join(ROOT, document), 'utf8').matchAll(fence);
  return Object.fromEntries(Array.from(found, ({ groups }) => [groups?.name, groups?.text]));
}

const without = (files: Files, names: RegExp): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.test(name)));

function writeProject(directory: string, files: Files): void {
  const all = { ...files, 'tsconfig.json': JSON.stringify(TSCONFIG), 'package.json': '{ "type": "module" }' };
  for (const [name, text] of Object.entries(all)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  copyFileSync(join(ROOT, 'schema.graphql'), join(directory, 'schema.graphql'));
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
}

/** Rejects with what the command wrote: compilers say on standard output what is wrong. */
async function run(command: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<void> {
  await promisify(execFile)(command, args, options).catch(({ message, stdout, stderr }) => {
    throw new Error([message, stdout, stderr].join('\n'));
  });
}
