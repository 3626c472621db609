import type { Logger } from '#adapters/log.ts';
import type { TranscriberSettings } from '#config/media.ts';
import type { Transcriber } from './transcriber.ts';

/** Opens the configured transcriber; null if there is none. */
export async function openTranscriber(settings: TranscriberSettings | null, log: Logger): Promise<Transcriber | null> {
  if (!settings) return null;
  if (settings.kind === 'pocketsphinx') return (await import('./pocketsphinx.ts')).openPocketSphinx(settings.path);
  return (await import('./endpoint-transcriber.ts')).openEndpointTranscriber(settings.endpoint, log);
}
