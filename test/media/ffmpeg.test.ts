import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inputArgs } from '#adapters/ffmpeg/input.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { ffmpeg, makeSound, probeFile } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';

const cleanup = useCleanup();
const signal = new AbortController().signal;

/** The processes that this one has started, and the groups that they are in. */
function listChildren() {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const [, name, parent, group] = /\((.*)\) \S (\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return Number(parent) === process.pid ? [{ pid: Number(pid), name, group: Number(group) }] : [];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

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
      const [child] = listChildren();
      expect(child).toMatchObject({ name: 'ffmpeg', group: child?.pid });
      process.kill(child?.pid as number, stop);
      await stopped;
    },
  );
});
