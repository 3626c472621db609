import { SPEAKERS, type TranscriptSpeaker } from '#domain/episodes/transcripts/speakers-of-transcript.ts';
import { defineLoader } from './loader.ts';

/** The speakers of an episode's transcript; none where it has no transcript, or is somebody else's. */
export const speakersOfEpisode = defineLoader<string, TranscriptSpeaker[]>({
  async batch({ database }, requests) {
    const rows = await database.sql<{ $ordinal: number; speakers: TranscriptSpeaker[] }>(
      `SELECT k.ordinal::int AS "$ordinal", coalesce(t.speakers, ${SPEAKERS}) AS speakers
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k(id, viewer_id, ordinal)
JOIN episodes e ON e.id = k.id AND e.owner_id = k.viewer_id JOIN transcripts t ON t.episode_id = e.id`,
      [requests.map(({ key }) => key), requests.map(({ viewerId }) => viewerId)],
    );
    const byOrdinal = new Map(rows.map(({ $ordinal, speakers }) => [$ordinal, speakers]));
    return requests.map((_, index) => byOrdinal.get(index + 1) ?? []);
  },
});
