import type { Chapter } from '#domain/episodes/chapters/find-chapters.ts';
import { defineLoader } from './loader.ts';

/** The chapters of an episode; none where it has no transcript, or is somebody else's. */
export const chaptersOfEpisode = defineLoader<string, Chapter[]>({
  async batch({ database }, requests) {
    const rows = await database.sql<{ ordinal: number; chapters: Chapter[] }>(
      `SELECT k.ordinal::int AS ordinal, t.chapters FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k(id, viewer_id, ordinal)
JOIN episodes e ON e.id = k.id AND e.owner_id = k.viewer_id JOIN transcripts t ON t.episode_id = e.id
WHERE t.chapters IS NOT NULL`,
      [requests.map(({ key }) => key), requests.map(({ viewerId }) => viewerId)],
    );
    const byOrdinal = new Map(rows.map(({ ordinal, chapters }) => [ordinal, chapters]));
    return requests.map((_, index) => byOrdinal.get(index + 1) ?? []);
  },
});
