import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll } from 'vitest';
import { freePort } from './free-port.ts';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';

/** A store that others have written, in a process of its own, behind a proxy. What it holds is on the disk, and survives it. */
export type S3rver = {
  /** The settings of a process that has its files here. */
  env: Record<string, string>;
  proxy: TcpProxy;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Begins again with what it holds, at the same port; resolves when it listens. */
  start(): Promise<void>;
  /** Objects by their names in order: paths of what they hold, and sums of it. */
  objects(): { name: string; path: string; sha256: string }[];
  /** Directories of the uploads that are neither completed nor aborted. */
  uploads(): string[];
  /** How many bytes there are of objects and parts that are still being sent: they have no MD5 yet. */
  arrivingBytes(): number;
};

const BUCKET = 'recordings';
const OBJECT = '._S3rver_object';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts one; it ends after the file's tests. */
export async function startS3rver(): Promise<S3rver> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-s3rver-'));
  const port = await freePort();
  const { url, proxy } = await startProxy(`http://127.0.0.1:${port}`);
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    const main = join(import.meta.dirname, 's3rver-main.ts');
    const server = spawn(process.execPath, [main, directory, BUCKET, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = server;
    running.add(server);
    server.once('exit', () => running.delete(server));
    await once(createInterface({ input: server.stdout }), 'line');
  };
  afterAll(async () => {
    await kill();
    await proxy.close();
    rmSync(directory, { recursive: true });
  });
  await start();
  const root = join(directory, BUCKET);
  const uploadsRoot = join(root, '._S3rver_uploads');
  const uploads = () => (existsSync(uploadsRoot) ? readdirSync(uploadsRoot).map((id) => join(uploadsRoot, id)) : []);
  return {
    env: {
      S3_ENDPOINT: url.replace(/\/$/, ''),
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY_ID: 'S3RVER', // the only ones that it knows
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    proxy,
    kill,
    start,
    objects: () =>
      listFiles(root)
        .filter((path) => path.endsWith(OBJECT))
        .sort()
        .flatMap((path) =>
          unlessRemoved(() => ({
            name: path.slice(0, -OBJECT.length),
            path: join(root, path),
            sha256: createHash('sha256')
              .update(readFileSync(join(root, path)))
              .digest('hex'),
          })),
        ),
    uploads,
    arrivingBytes: () =>
      listFiles(root)
        .filter((path) => (path.endsWith(OBJECT) || /\/\d+$/.test(path)) && !existsSync(join(root, `${path}.md5`)))
        .flatMap((path) => unlessRemoved(() => statSync(join(root, path)).size))
        .reduce((sum, size) => sum + size, 0),
  };
}

/** Returns what is read of a file; nothing of one that was removed since it was listed. */
function unlessRemoved<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Returns all that is in a directory; lists it again where one below was removed meanwhile. */
function listFiles(directory: string): string[] {
  for (;;) {
    const [found] = unlessRemoved(() => readdirSync(directory, { recursive: true }) as string[]);
    if (found || !existsSync(directory)) return found ?? [];
  }
}
