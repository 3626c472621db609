import { expect, it } from 'vitest';
import { ffmpeg } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';

describeWith('ffmpeg', 'running ffmpeg', () => {
  it('users take turns, however much each of them has to run', async () => {
    const order: string[] = [];
    const signal = new AbortController().signal;
    const run = async (owner: string) => {
      const args = ['-f', 'lavfi', '-i', 'anullsrc', '-t', '0.1', '-f', 'null', '-'];
      await ffmpeg.forOwner(owner).run({ args, signal, timeoutMs: 60_000 });
      order.push(owner);
    };
    await Promise.all(['ann', 'ann', 'ann', 'ben', 'cem', 'ben'].map(run));
    expect(order).toEqual(['ann', 'ben', 'cem', 'ann', 'ben', 'ann']);
  });

  it('who does not want it any more leaves the line', async () => {
    const stop = new AbortController();
    const args = ['-f', 'lavfi', '-i', 'anullsrc', '-t', '0.1', '-f', 'null', '-'];
    const first = ffmpeg.run({ args, signal: new AbortController().signal, timeoutMs: 60_000 });
    const second = ffmpeg.run({ args, signal: stop.signal, timeoutMs: 60_000 });
    stop.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    await first;
    await ffmpeg.run({ args, signal: new AbortController().signal, timeoutMs: 60_000 });
  });
});
