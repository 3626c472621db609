import { z } from 'zod';
import { type Endpoint, endpointUrl } from './models.ts';
import { wholeNumber } from './variables.ts';

/** The transcriber: an endpoint, or PocketSphinx on this machine, for trying out. */
export type TranscriberSettings = { kind: 'endpoint'; endpoint: Endpoint } | { kind: 'pocketsphinx'; path: string };

/** The model name that selects PocketSphinx, which has no URL. */
const POCKETSPHINX = 'pocketsphinx';

/** The media programs, the maximum number that a worker runs concurrently for recordings, and the transcriber. */
export const mediaSettings = z
  .object({
    FFMPEG_PATH: z.string().default('ffmpeg'),
    FFPROBE_PATH: z.string().default('ffprobe'),
    MAX_CONCURRENT_FFMPEG: wholeNumber(1, 64).default(1),
    TRANSCRIBER_BASE_URL: endpointUrl.optional(),
    TRANSCRIBER_API_KEY: z.string().optional(),
    TRANSCRIBER_MODEL: z.string().optional(),
    TRANSCRIBER_TIMEOUT_MS: wholeNumber(1_000, 3_600_000).default(300_000),
    POCKETSPHINX_PATH: z.string().default('pocketsphinx_continuous'),
  })
  .refine((vars) => !vars.TRANSCRIBER_BASE_URL || vars.TRANSCRIBER_MODEL, {
    path: ['TRANSCRIBER_MODEL'],
    error: 'is missing: TRANSCRIBER_BASE_URL and TRANSCRIBER_MODEL go together',
  })
  .refine((vars) => !vars.TRANSCRIBER_MODEL || vars.TRANSCRIBER_BASE_URL || vars.TRANSCRIBER_MODEL === POCKETSPHINX, {
    path: ['TRANSCRIBER_BASE_URL'],
    error: `is missing: TRANSCRIBER_MODEL needs it, unless the model is ${POCKETSPHINX}`,
  })
  .transform((vars) => ({
    media: {
      ffmpegPath: vars.FFMPEG_PATH,
      ffprobePath: vars.FFPROBE_PATH,
      maxConcurrent: vars.MAX_CONCURRENT_FFMPEG,
      transcriber: toTranscriber(vars),
    },
  }));

function toTranscriber(vars: {
  TRANSCRIBER_BASE_URL?: string | undefined;
  TRANSCRIBER_API_KEY?: string | undefined;
  TRANSCRIBER_MODEL?: string | undefined;
  TRANSCRIBER_TIMEOUT_MS: number;
  POCKETSPHINX_PATH: string;
}): TranscriberSettings | null {
  const { TRANSCRIBER_BASE_URL: baseUrl, TRANSCRIBER_MODEL: name } = vars;
  if (!name) return null;
  if (!baseUrl) return { kind: 'pocketsphinx', path: vars.POCKETSPHINX_PATH };
  const { TRANSCRIBER_API_KEY: apiKey = null, TRANSCRIBER_TIMEOUT_MS: timeoutMs } = vars;
  return { kind: 'endpoint', endpoint: { baseUrl, name, apiKey, timeoutMs } };
}
