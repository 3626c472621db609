import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';

/** As EBU R128 measures it, in LUFS and dBTP; `integrated` is -Infinity for silence. */
export type MeasuredLoudness = { integrated: number; truePeak: number };

/** What platforms play at (TikTok, YouTube, Spotify), and the peak that an encoder still has room above. */
export const TARGET = { integrated: -14, toleranceLu: 0.5, truePeak: -1 };

/** Quieter than this is silence or noise, which is left alone: R128 counts nothing under -70. */
const SILENT_LUFS = -60;
/** More than this brings up mostly noise. */
const MAX_GAIN_DB = 30;
/** The limiter works on samples; peaks between them, and those that the encoder adds, are higher. */
const FIRST_CEILING_DB = -2;

/** How a sound is to be changed: a gain, and the peak that a limiter lets through, both in dB. */
export type Levelling = { gainDb: number; ceilingDb: number };

/** Measures the loudness of what `args`, inputs and a filter chain that ends with a comma or is empty, give. Throws ProgramFailed. */
export async function measureLoudness(
  ffmpeg: Ffmpeg,
  { input, filter, signal }: { input: readonly string[]; filter: string; signal: AbortSignal },
): Promise<MeasuredLoudness> {
  const measured: MeasuredLoudness = { integrated: Number.NEGATIVE_INFINITY, truePeak: Number.NEGATIVE_INFINITY };
  await ffmpeg.run({
    // What is mapped is drawn to its end: a sink within the filters misses what they still hold when the input has ended.
    args: [
      ...[...input, '-filter_complex', `${filter}ebur128=peak=true:framelog=verbose[measured]`],
      ...['-map', '[measured]', '-f', 'null', '-'],
    ],
    signal,
    timeoutMs: 600_000,
    onLine(line) {
      const [, integrated, peak] = /^\s+(?:I:\s+(\S+) LUFS|Peak:\s+(\S+) dBFS)$/.exec(line) ?? [];
      if (integrated) measured.integrated = toNumber(integrated);
      if (peak) measured.truePeak = toNumber(peak);
    },
  });
  // What R128 does not hear it calls -70.
  return measured.integrated <= -70 ? { ...measured, integrated: Number.NEGATIVE_INFINITY } : measured;
}

const toNumber = (text: string) => (text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text));

/** Returns how a sound of some loudness comes to the target; null where it is silent, and left alone. */
export function planLevelling({ integrated }: MeasuredLoudness): Levelling | null {
  if (integrated < SILENT_LUFS) return null;
  return { gainDb: Math.min(MAX_GAIN_DB, TARGET.integrated - integrated), ceilingDb: FIRST_CEILING_DB };
}

/** Whether a finished file is as it should be. */
export function isOnTarget({ integrated, truePeak }: MeasuredLoudness): boolean {
  return Math.abs(integrated - TARGET.integrated) <= TARGET.toleranceLu && truePeak <= TARGET.truePeak;
}

/** Returns how to do it better after a finished file was measured. */
export function correct({ gainDb, ceilingDb }: Levelling, { integrated, truePeak }: MeasuredLoudness): Levelling {
  const over = Math.max(0, truePeak - TARGET.truePeak);
  return {
    gainDb: Math.min(MAX_GAIN_DB, gainDb + (TARGET.integrated - integrated)),
    ceilingDb: over > 0 ? ceilingDb - over - 0.2 : ceilingDb,
  };
}

/** The filters that do it, each followed by a comma: a limiter at four times the rate sees most peaks between samples. */
export function levellingFilters(levelling: Levelling | null): string {
  if (!levelling) return '';
  const limit = 10 ** (levelling.ceilingDb / 20);
  return [
    `volume=${levelling.gainDb.toFixed(2)}dB`,
    'aresample=192000',
    `alimiter=limit=${limit.toFixed(4)}:level=disabled:attack=2:release=60`,
    'aresample=48000,',
  ].join(',');
}
