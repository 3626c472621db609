import { spawn } from 'node:child_process';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { inputArgs } from '#adapters/ffmpeg/input.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { ffmpeg, makeSound, probeFile } from '../support/media.ts';
import { childrenOf } from '../support/proc.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';

const cleanup = useCleanup();
const signal = new AbortController().signal;

describeWith('ffmpeg', 'running ffmpeg', () => {
  it('users take turns, however much each of them has to run', async () => {
    const order: string[] = [];
    const run = async (owner: string) => {
      const args = ['-f', 'lavfi', '-i', 'anullsrc', '-t', '0.1', '-f', 'null', '-'];
      await ffmpeg.forOwner(owner).run({ args, signal, timeoutMs: 60_000 });
      order.push(owner);
    };
    await Promise.all(['ann', 'ann', 'ann', 'ben', 'cem', 'ben'].map(run));
    expect(order).toEqual(['ann', 'ben', 'cem', 'ann', 'ben', 'ann']);
  });

  it('clips wait for no recording', async () => {
    const stop = new AbortController();
    const [args, output] = [
      ['-f', 'lavfi', '-i', 'anullsrc'],
      ['-f', 'null', '-'],
    ];
    const recording = ffmpeg.run({ args: [...args, ...output], signal: stop.signal, timeoutMs: 60_000 });
    const clip = ffmpeg.forOwner('ann').forClips();
    await clip.run({ args: [...args, '-t', '0.1', ...output], signal, timeoutMs: 60_000 });
    stop.abort(new Error('cancelled'));
    await expect(recording).rejects.toThrow('cancelled');
  });

  it('who does not want it any more leaves the line', async () => {
    const stop = new AbortController();
    const args = ['-f', 'lavfi', '-i', 'anullsrc', '-t', '0.1', '-f', 'null', '-'];
    const first = ffmpeg.run({ args, signal, timeoutMs: 60_000 });
    const second = ffmpeg.run({ args, signal: stop.signal, timeoutMs: 60_000 });
    stop.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    await first;
    await ffmpeg.run({ args, signal, timeoutMs: 60_000 });
  });

  it.each([
    ['ffconcat', 'ffconcat version 1.0\nfile neighbour.mp3\n', 'concat'],
    ['HLS', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nneighbour.mp3\n#EXT-X-ENDLIST\n', 'hls'],
  ])('opens no file that a playlist of %s names', async (_what, content, format) => {
    const directory = createDirectory(cleanup);
    makeSound('sine=d=1', join(directory, 'neighbour.mp3'));
    const path = join(directory, 'talk.mp3');
    writeFileSync(path, content);
    expect(probeFile(path)).toMatchObject({ format: { format_name: format }, streams: [{ codec_name: 'mp3' }] });
    const file = { path, demuxer: 'mp3' };
    const refused = { failure: 'refused', message: expect.stringContaining('Format not on whitelist') };
    await expect(ffmpeg.probe(file, { signal })).rejects.toMatchObject(refused);
    const args = [...inputArgs(file), '-f', 'null', '-'];
    await expect(ffmpeg.run({ args, signal, timeoutMs: 60_000 })).rejects.toMatchObject(refused);
  });

  it('what takes more time than it may is ended', async () => {
    const endless = ['-f', 'lavfi', '-i', 'anullsrc', '-f', 'null', '-'];
    await expect(ffmpeg.run({ args: endless, signal, timeoutMs: 200 })).rejects.toMatchObject({ failure: 'timeout' });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'what somebody else ends by %s says nothing of its input, and no Ctrl-C of ours reaches it',
    async (stop) => {
      const endless = ['-f', 'lavfi', '-i', 'anullsrc', '-f', 'null', '-'];
      let hasBegun = false;
      const run = ffmpeg.run({ args: endless, signal, timeoutMs: 60_000, onProgress: () => (hasBegun = true) });
      const stopped = expect(run).rejects.toMatchObject({ failure: 'stopped' });
      await until(
        async () => hasBegun,
        (begun) => begun,
      );
      const [pid] = childrenOf(process).filter((child) => commandOf(child).startsWith('ffmpeg')) as [number];
      expect(groupOf(pid)).toBe(pid);
      process.kill(pid, stop);
      await stopped;
    },
  );

  it('runs behind others, reads no input, and dies with the process that has started it', async () => {
    const endless = ['-f', 'lavfi', '-i', 'anullsrc', '-f', 'null', '-'];
    const script = `import { openFfmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
      const ffmpeg = openFfmpeg({ ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', maxConcurrent: 1 });
      await ffmpeg.run({ args: ${JSON.stringify(endless)}, signal: new AbortController().signal, timeoutMs: 60_000 });`;
    const worker = spawn(process.execPath, ['--input-type=module', '-e', script]);
    onTestFinished(() => void worker.kill('SIGKILL'));
    const [pid] = (await until(
      async () => childrenOf(worker).filter((child) => commandOf(child).startsWith('ffmpeg')),
      (programs) => programs.length === 1,
    )) as [number];
    expect(getPriority(pid)).toBeGreaterThan(getPriority(worker.pid as number));
    expect(readlinkSync(`/proc/${pid}/fd/0`)).toBe('/dev/null');
    worker.kill('SIGKILL');
    await until(
      async () => commandOf(pid),
      (command) => !command.startsWith('ffmpeg'),
    );
  });
});

/** Nothing for a process that has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The process group that signals of a terminal go to. */
const groupOf = (pid: number): number => Number(/\) \S \d+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
