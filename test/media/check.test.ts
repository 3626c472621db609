import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { inputArgs } from '#adapters/ffmpeg/input.ts';
import { LongOutage } from '#domain/core/errors.ts';
import { checkMedia } from '#domain/episodes/media/checks/check-media.ts';
import { createDirectory, useCleanup } from '../support/cleanup.ts';
import { ffmpeg, makeSound, makeWithFfmpeg, readSamples, rmsBetween } from '../support/media.ts';
import { describeWith } from '../support/requirements.ts';

const cleanup = useCleanup();
let directory: string;
beforeAll(() => {
  directory = createDirectory(cleanup);
});
const file = (name: string) => join(directory, name);

/** Checks a file as an upload of as many bytes as it has. */
function check(
  name: string,
  {
    maxSeconds,
    sizeBytes,
    assertRoom = async () => {},
    onProgress = () => {},
  }: {
    maxSeconds?: number;
    sizeBytes?: number;
    assertRoom?: (bytes: number) => Promise<void>;
    onProgress?: (fraction: number) => void;
  } = {},
) {
  return checkMedia(ffmpeg, {
    path: file(name),
    sizeBytes: sizeBytes ?? statSync(file(name)).size,
    soundPath: file('sound.pcm'),
    signal: new AbortController().signal,
    assertRoom,
    onProgress,
    ...(maxSeconds ? { maxSeconds } : {}),
  });
}

/** Keeps the headers of an Ogg, which have the time 0, and the pages behind a part of it, with the times that they have. */
function cutPages(name: string, as: string, part: number) {
  const bytes = readFileSync(file(name));
  const starts: number[] = [];
  for (let at = bytes.indexOf('OggS'); at >= 0; at = bytes.indexOf('OggS', at + 1)) starts.push(at);
  const pages = starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
  const isHeader = (page: Buffer) => page.readBigInt64LE(6) === 0n;
  const sound = pages.filter((page) => !isHeader(page));
  writeFileSync(file(as), Buffer.concat([...pages.filter(isHeader), ...sound.slice(sound.length * part)]));
}

const refused = (pattern: RegExp) => ({ code: 'UNSUPPORTED_MEDIA', message: expect.stringMatching(pattern) });

/** Keeps the first part of a file. */
function cut(name: string, as: string, part: number) {
  const bytes = readFileSync(file(name));
  writeFileSync(file(as), bytes.subarray(0, Math.floor(bytes.length * part)));
}

describeWith('ffmpeg', 'checking a recording', () => {
  beforeAll(() => {
    makeSound('sine=d=60', file('tone.webm'));
    makeSound('sine=d=2', file('tone.mp4'));
    makeSound('sine=d=3', file('short.mp3'));
  });

  it('takes no words of a file for those of ffmpeg', async () => {
    const words = 'On air\n[error] Stream mapping:\n[fatal] No space left on device: malloc';
    makeSound(
      'sine=d=2',
      '-metadata',
      `title=${words}`,
      '-metadata',
      `artist=Ann [error] ${words}`,
      file('titled.mp3'),
    );
    expect(await check('titled.mp3')).toMatchObject({ warnings: [] });
    const input = inputArgs({ path: file('titled.mp3'), demuxer: 'mp3' });
    const failing = { args: [...input, '-map', '0:5', '-f', 'null', '-'], signal: new AbortController().signal };
    await expect(ffmpeg.run({ ...failing, timeoutMs: 10_000 })).rejects.toMatchObject({ failure: 'refused' });
  });

  it.each<[string, RegExp, (name: string) => void]>([
    ['random.mp3', /no sound or video that we know/, (name) => writeFileSync(file(name), randomBytes(50_000))],
    [
      'random-behind-a-sync-word.mp3',
      /can be decoded|cannot be opened/,
      (name) => writeFileSync(file(name), Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), randomBytes(50_000)])),
    ],
    ['program.mp3', /by its content/, (name) => copyFileSync(process.execPath, file(name))],
    ['concat.mp3', /no sound/, (name) => writeFileSync(file(name), 'ffconcat version 1.0\nfile tone.mp3\n')],
    ['playlist.m4a', /no sound/, (name) => writeFileSync(file(name), '#EXTM3U\n#EXTINF:9,\ntone.mp3\n')],
    ['empty.mp3', /no sound/, (name) => writeFileSync(file(name), '')],
    ['picture.png', /image\/png/, (name) => makeSound('testsrc', '-frames:v', '1', file(name))],
    ['mute.mp4', /no sound in this file/, (name) => makeSound('testsrc=d=1:s=64x64', file(name))],
    [
      'huge.mov',
      /4096×4096/,
      (name) =>
        makeSound('color=red:s=4100x4100:d=1:r=1', '-f', 'lavfi', '-i', 'sine=d=1', '-c:v', 'mjpeg', file(name)),
    ],
    [
      'vast.mov',
      /more than 4096×4096 pixels/,
      (name) =>
        makeSound(
          'color=red:s=8192x8192:d=1:r=1',
          ...[
            '-f',
            'lavfi',
            '-i',
            'sine=d=1',
            '-c:v',
            'libx264',
            '-preset',
            'ultrafast',
            '-pix_fmt',
            'yuv420p',
            file(name),
          ],
        ),
    ],
    ['cut.mp4', /cut off before/, (name) => cut('tone.mp4', name, 0.5)],
    ['half.webm', /ends at 0:\d\d of 1:00, so most of it is missing/, (name) => cut('tone.webm', name, 0.4)],
  ])('refuses %s in words', async (name, sentence, make) => {
    make(name);
    await expect(check(name)).rejects.toMatchObject(refused(sentence));
  });

  it('refuses what has fewer bytes than were declared, and what lasts longer than it may', async () => {
    await expect(check('short.mp3', { sizeBytes: 5 })).rejects.toMatchObject(refused(/bytes instead of 5/));
    await expect(check('short.mp3', { maxSeconds: 2 })).rejects.toMatchObject(refused(/longer than/));
  });

  it('stops at the longest that it takes, of a silence of many hours', async () => {
    makeSound('anullsrc=r=8000:cl=mono', '-t', '1800', '-c:a', 'flac', file('silence.flac'));
    await expect(check('silence.flac', { maxSeconds: 360 })).rejects.toMatchObject(refused(/longer than 0.1 hours/));
  });

  it('measures by decoding, whatever the header says', async () => {
    writeFileSync(file('browser.webm'), makeSound('sine=d=25', '-f', 'webm', '-'));
    writeFileSync(file('pipe.wav'), makeSound('sine=d=9', '-f', 'wav', '-'));
    makeSound('aevalsrc=if(lt(t\\,30)\\,0\\,sin(t*t*900)):d=60', '-q:a', '2', '-write_xing', '0', file('vbr.mp3'));
    const seconds = [];
    for (const name of ['browser.webm', 'pipe.wav', 'vbr.mp3'])
      seconds.push(Math.round((await check(name)).durationSeconds));
    expect(seconds).toEqual([25, 9, 60]);
  });

  it('shows how far it is where no header says how long it takes', async () => {
    const browser = file('long-browser.webm');
    writeFileSync(browser, makeSound('sine=d=900', '-c:a', 'libopus', '-compression_level', '0', '-f', 'webm', '-'));
    const fractions: number[] = [];
    await check('long-browser.webm', { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBeGreaterThan(0.2);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    for (const fraction of fractions) expect(fraction).toBeLessThan(1);
  });

  it('takes what begins otherwise than its kind does: within a frame, behind zeros, as of more than 4 GB, or as of a telephone', async () => {
    const tone = makeSound('sine=d=5', '-f', 'mp3', '-');
    writeFileSync(file('of-a-stream.mp3'), tone.subarray(700));
    writeFileSync(file('behind-zeros.mp3'), Buffer.concat([Buffer.alloc(3_000), tone.subarray(700)]));
    makeSound('sine=d=5', '-rf64', 'always', file('large.wav'));
    makeSound('sine=d=5', '-f', '3gp', '-c:a', 'aac', file('telephone.m4a'));
    makeSound('sine=d=5', '-output_ts_offset', '1000', file('live.webm'));
    const types = [];
    for (const name of ['of-a-stream.mp3', 'behind-zeros.mp3', 'large.wav', 'telephone.m4a', 'live.webm']) {
      const { contentType, durationSeconds } = await check(name);
      types.push(contentType);
      expect(Math.abs(durationSeconds - 5)).toBeLessThan(0.2);
    }
    expect(types).toEqual(['audio/mpeg', 'audio/mpeg', 'audio/wav', 'audio/mp4', 'audio/webm']);
  });

  it.each(['libopus.ogg', 'libvorbis.ogg', 'flac.ogg', 'libopus.webm', 'aac.mp4', 'libmp3lame.mp3'])(
    'knows how long %s is that was cut out of a stream and has the times of that',
    async (name) => {
      const [codec = '', container = ''] = name.split('.');
      makeSound('sine=d=100', '-c:a', codec, '-strict', '-2', file(`stream-${name}`));
      const cutOut = ['-copyts', '-ss', '30', '-i', file(`stream-${name}`), '-c', 'copy', '-strict', '-2'];
      makeWithFfmpeg(...cutOut, file(`cut-out-${name}`));
      if (codec === 'flac') cutPages(`stream-${name}`, `cut-out-${name}`, 0.3);
      const { durationSeconds, warnings } = await check(`cut-out-${name}`);
      expect([Math.abs(durationSeconds - 70) < 1.5, warnings]).toEqual([true, []]);
      const demuxer = { webm: 'matroska', mp4: 'mov' }[container] ?? container;
      const { signal } = new AbortController();
      const claimed = (await ffmpeg.probe({ path: file(`cut-out-${name}`), demuxer }, { signal })).durationSeconds;
      // Of FLAC in Ogg it is not known when it begins.
      if (codec === 'flac') expect(claimed).toBeNull();
      else expect(Math.abs((claimed ?? 0) - durationSeconds)).toBeLessThan(0.2);
    },
    60_000,
  );

  it('passes tracks over that nobody can decode, whichever comes first', async () => {
    makeSound('sine=d=4', ...['-f', 'lavfi', '-i', 'sine=f=880:d=4', '-map', '0', '-map', '1'], file('two.m4a'));
    for (const [which, from] of [0, 1].entries()) {
      const bytes = readFileSync(file('two.m4a'));
      const codecs = [bytes.indexOf('mp4a'), bytes.lastIndexOf('mp4a')];
      bytes.write('apac', codecs[from] as number, 'latin1');
      bytes.write('dapa', bytes.indexOf('esds', codecs[from]), 'latin1');
      writeFileSync(file('nameless.m4a'), bytes);
      const { audio, durationSeconds, warnings } = await check('nameless.m4a');
      expect([audio.index, audio.codec, warnings]).toEqual([1 - which, 'aac', []]);
      expect(durationSeconds).toBeCloseTo(4, 0);
    }
  });

  it('takes two mp3 files joined, junk behind the last frame, and what was damaged, with a warning', async () => {
    const tone = makeSound('sine=d=5', '-f', 'mp3', '-');
    writeFileSync(file('joined.mp3'), Buffer.concat([tone, tone, randomBytes(3_000)]));
    expect((await check('joined.mp3')).durationSeconds).toBeCloseTo(10, 0);
    makeSound('anoisesrc=d=10', '-movflags', '+faststart', file('whole.m4a'));
    const damaged = readFileSync(file('whole.m4a'));
    for (let at = 40_000; at < 44_000; at += 50) damaged[at] = (damaged[at] as number) ^ 0xff;
    writeFileSync(file('flipped.m4a'), damaged);
    const checked = await check('flipped.m4a');
    expect(checked.durationSeconds).toBeCloseTo(10, 0);
    expect(checked.warnings).toEqual([expect.stringMatching(/^In \d+ places? the sound cannot be decoded/)]);
    makeSound('sine=d=10', file('whole.webm'));
    cut('whole.webm', 'three-quarters.webm', 0.75);
    expect((await check('three-quarters.webm')).warnings).toContainEqual(
      expect.stringMatching(/ends at 0:0\d of 0:10/),
    );
  });

  it('asks for the room of two sounds where its format changes in the middle, and waits without a byte where there is none', async () => {
    const parts = ['44100', '48000'].map((rate) => makeSound('sine=d=20', '-ar', rate, '-f', 'mp3', '-'));
    writeFileSync(file('uneven.mp3'), Buffer.concat(parts));
    const asked: number[] = [];
    const assertRoom = async (bytes: number) => void asked.push(bytes);
    const { durationSeconds } = await check('uneven.mp3', { assertRoom });
    expect(durationSeconds).toBeCloseTo(40, 0);
    expect(asked).toEqual([expect.any(Number)]);
    expect(asked[0]).toBeGreaterThanOrEqual(2 * statSync(file('sound.pcm')).size);
    const refuse = () => Promise.reject(new LongOutage('No room.'));
    await expect(check('uneven.mp3', { assertRoom: refuse })).rejects.toThrow(LongOutage);
    expect(readdirSync(directory).filter((name) => name.startsWith('sound.'))).toEqual([]);
    await check('short.mp3', { assertRoom: refuse });
  });

  it('keeps the clock of a player: sound that begins late, and gaps', async () => {
    makeSound('testsrc=d=6:s=64x64', '-itsoffset', '3', '-f', 'lavfi', '-i', 'sine=d=3', file('late.mp4'));
    expect((await check('late.mp4')).durationSeconds).toBeCloseTo(6, 0);
    const late = readSamples(file('sound.pcm'));
    expect(rmsBetween(late, 0.5, 2.8)).toBeLessThan(0.001);
    expect(rmsBetween(late, 3.3, 5.5)).toBeGreaterThan(0.05);
    makeSound('sine=d=20', '-af', 'aselect=lt(t\\,5)+gt(t\\,15)', file('gap.webm'));
    expect((await check('gap.webm')).durationSeconds).toBeCloseTo(20, 0);
    const gap = readSamples(file('sound.pcm'));
    expect(rmsBetween(gap, 6, 14)).toBeLessThan(0.001);
    expect(rmsBetween(gap, 15.5, 19)).toBeGreaterThan(0.05);
  });

  it.each([
    ['two channels that cancel each other out', 'aevalsrc=sin(1885*t)|-sin(1885*t):d=3', /channel 1/],
    ['a voice in the centre of six channels', 'aevalsrc=0|0|sin(1885*t)|0|0|0:c=5.1:d=3', /channel 3/],
  ])('listens to the loudest channel of %s', async (_what, source, warning) => {
    makeSound(source, file('channels.wav'));
    expect((await check('channels.wav')).warnings).toEqual([expect.stringMatching(warning)]);
    expect(rmsBetween(readSamples(file('sound.pcm')), 1, 2)).toBeGreaterThan(0.5);
  });

  it('passes a cover over, however large, and gives the size of a video as it is seen', async () => {
    makeSound('color=red:s=6000x6000', '-frames:v', '1', file('cover.png'));
    const cover = [
      '-i',
      file('cover.png'),
      '-map',
      '0:a',
      '-map',
      '1:v',
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
    ];
    makeSound('sine=d=2', ...cover, file('cover.mp3'));
    expect(await check('cover.mp3')).toMatchObject({ contentType: 'audio/mpeg', video: null, warnings: [] });
    makeSound('testsrc=d=2:s=320x180', '-f', 'lavfi', '-i', 'sine=d=2', file('upright.mp4'));
    makeWithFfmpeg('-i', file('upright.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', file('phone.mp4'));
    expect(await check('phone.mp4')).toMatchObject({ contentType: 'video/mp4', video: { width: 180, height: 320 } });
  }, 120_000);

  it('says what to install where there is no ffmpeg', async () => {
    const { openFfmpeg } = await import('#adapters/ffmpeg/ffmpeg.ts');
    const missing = openFfmpeg({ ffmpegPath: '/nowhere/ffmpeg', ffprobePath: '/nowhere/ffprobe', maxConcurrent: 1 });
    const signal = new AbortController().signal;
    const request = {
      path: file('short.mp3'),
      sizeBytes: 1,
      soundPath: file('none.pcm'),
      signal,
      assertRoom: async () => {},
      onProgress: () => {},
    };
    await expect(checkMedia(missing, request)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('apt-get install ffmpeg'),
    });
  });
});

function randomBytes(count: number): Buffer {
  let seed = 1;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed & 0xff;
  };
  return Buffer.from(Array.from({ length: count }, next));
}
