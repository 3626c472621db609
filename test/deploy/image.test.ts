import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { useProcesses } from '../support/use-parley.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Its instructions, each on a line of its own. */
const instructions = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  .replaceAll('\\\n', '')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line));
const { start } = useProcesses();
/** Only root could listen on it, and no test does. */
const nobody = '1';

/** The exit code of the image's health check, by the shell, as docker runs it, with the ports of a process. */
async function checkHealth(env: { PORT: string; METRICS_PORT: string }, timeout = 6_000): Promise<number | null> {
  const command = instructions.find((line) => line.startsWith('HEALTHCHECK'))?.split(' CMD ')[1] ?? '';
  expect(command).not.toBe('');
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const check = promisify(execFile)('/bin/sh', ['-c', command], { env: { PATH, ...env }, timeout });
  return check.then(
    () => 0,
    ({ code }) => code,
  );
}

it('takes a server and a worker for well, and one that is frozen, or a container in which nothing answers, for ill', async () => {
  const server = await start('server');
  const ofServer = { PORT: new URL(server.url).port, METRICS_PORT: nobody };
  expect(await checkHealth(ofServer)).toBe(0);
  server.kill('SIGSTOP');
  const METRICS_PORT = String(await freePort());
  const [ofFrozen] = await Promise.all([checkHealth(ofServer, 3_000), start('worker', { METRICS_PORT })]);
  expect(ofFrozen).not.toBe(0);
  expect(await checkHealth({ PORT: nobody, METRICS_PORT })).toBe(0);
  expect(await checkHealth({ PORT: nobody, METRICS_PORT: nobody })).toBe(1);
}, 60_000);

it('has what runs, installed in another stage without what only tests need, and is not root’s', () => {
  const last = instructions.findLastIndex((line) => line.startsWith('FROM '));
  const [build, image] = [instructions.slice(0, last), instructions.slice(last)];
  expect(build.find((line) => line.includes('npm ci'))).toContain('--omit=dev');
  expect(image.filter((line) => line.startsWith('COPY '))).toEqual(['COPY --from=build /app ./']);
  expect(image.find((line) => line.includes('apt-get install'))).toContain(' ffmpeg');
  const at = (word: string) => image.findIndex((line) => line.startsWith(word));
  expect(image[at('USER ')]).toBe('USER node');
  expect(at('USER ')).toBeLessThan(at('ENTRYPOINT '));
});
