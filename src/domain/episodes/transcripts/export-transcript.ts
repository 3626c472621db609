import type { Deps } from '#domain/core/deps.ts';
import { NotFound } from '#domain/core/errors.ts';
import { findOwnEpisode, hasTranscript } from '#domain/episodes/episodes.ts';
import { createCaptionWriter } from './formats/caption-writers.ts';
import { withSomeTime } from './formats/write-captions.ts';
import { iterateSegmentPages } from './segments/pages.ts';
import type { ParsedSegment, TranscriptFormat } from './segments/segments.ts';

/** How a transcript is to be written; without `speakers`, nobody is named. */
export type ExportOptions = { format: TranscriptFormat; speakers: boolean };

/** A transcript as a file: the name of its episode, and its pieces, of some hundred kilobytes each. */
export type ExportedTranscript = { name: string; pieces: AsyncGenerator<string> };

/**
 * Writes the transcript of the actor's episode, with what was corrected. SRT and VTT have its segments to the millisecond, JSON also
 * their confidence and words, TEXT its turns. Throws NotFound for an episode that is missing or somebody else's, or has no transcript.
 */
export async function exportTranscript(
  deps: Deps,
  episodeId: string,
  options: ExportOptions,
): Promise<ExportedTranscript> {
  const { prisma } = deps.database;
  const episode = await findOwnEpisode(prisma, deps, episodeId);
  if (!episode) throw new NotFound('episode');
  if (!(await hasTranscript(prisma, episodeId))) throw new NotFound('transcript');
  return { name: episode.title ?? episode.originalName, pieces: writePieces(deps, episodeId, options) };
}

/** Throws an error where another transcript takes the place of the one that is being written. */
async function* writePieces(
  deps: Deps,
  episodeId: string,
  { format, speakers }: ExportOptions,
): AsyncGenerator<string> {
  const writer = createCaptionWriter(format);
  const isJson = format === 'JSON';
  let isWhole = false;
  yield writer.begin;
  for await (const { json, isLast } of iterateSegmentPages(deps, episodeId, { words: isJson, signal: NEVER })) {
    const segments: ParsedSegment[] = JSON.parse(json);
    const captions = speakers ? segments : segments.map((segment) => ({ ...segment, speaker: null }));
    yield captions.map((caption) => writer.add(isJson ? caption : withSomeTime(caption))).join('');
    isWhole = isLast;
  }
  if (!isWhole) throw new Error('The transcript was replaced while it was written.');
  yield writer.end();
}

const NEVER = new AbortController().signal;
