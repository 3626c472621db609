import { spawnSync } from 'node:child_process';
import { findProgram } from '#adapters/ffmpeg/limits.ts';
import type { Config } from '#config/config.ts';
import { checkEndpoint } from './endpoints.ts';
import { type Finding, fail, note, ok } from './finding.ts';

/** The oldest ffmpeg that Parley is tested with, and the libraries that it has to be built with. */
const OLDEST_FFMPEG = 5.1;
const LIBRARIES = ['libx264', 'libass'];

/** Checks for the programs that process recordings. */
export async function checkFfmpeg({ media: { ffmpegPath, ffprobePath } }: Config): Promise<Finding[]> {
  const missing = Object.entries({ FFMPEG_PATH: ffmpegPath, FFPROBE_PATH: ffprobePath }).filter(
    ([, program]) => findProgram(program) === null,
  );
  if (missing.length > 0)
    return missing.map(([setting, program]) =>
      note(
        `${program} is not there: recordings cannot be read. Install ffmpeg (Debian: apt-get install ffmpeg; macOS: brew install ffmpeg), or set ${setting}.`,
      ),
    );
  const versionOutput = spawnSync(ffmpegPath, ['-version'], { encoding: 'utf8', timeout: 10_000 }).stdout ?? '';
  const [, version = 'of an unknown version'] = /^ffmpeg version (\S+)/.exec(versionOutput) ?? [];
  if (Number.parseFloat(version.replace(/^\D*/, '')) < OLDEST_FFMPEG)
    return [fail(`ffmpeg ${version} is too old; install ${OLDEST_FFMPEG} or newer, or name another by FFMPEG_PATH.`)];
  const lacking = LIBRARIES.filter((library) => !versionOutput.includes(`--enable-${library}`));
  if (lacking.length > 0)
    return [
      note(
        `ffmpeg ${version} does not say that it has ${lacking.join(' and ')}: clips may not be made. Install one that has, or name it by FFMPEG_PATH.`,
      ),
    ];
  return [ok(`ffmpeg ${version}`)];
}

/** Checks whether a transcriber for recordings is configured. */
export async function checkTranscriber({ media: { transcriber } }: Config): Promise<Finding[]> {
  if (transcriber?.kind !== 'pocketsphinx') return checkEndpoint('TRANSCRIBER_BASE_URL', transcriber?.endpoint ?? null);
  if (findProgram(transcriber.path)) return [ok('PocketSphinx is installed: low accuracy, English, for trying out.')];
  return [
    fail(
      `${transcriber.path} is not there. \`apt-get install pocketsphinx pocketsphinx-en-us\`, or set POCKETSPHINX_PATH, or an endpoint by TRANSCRIBER_BASE_URL.`,
    ),
  ];
}
