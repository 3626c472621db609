import { DRAWN_AT_EDGES } from '#domain/episodes/media/waveforms/store.ts';
import { PEAKS } from '#domain/episodes/media/waveforms/stored-peaks.ts';
import { type MediaFile, Prisma } from '#generated/prisma/client.ts';
import type { MediaFileKind } from '#generated/prisma/enums.ts';
import { columnsOf } from './columns.ts';
import { defineLoader } from './loader.ts';

const columns = columnsOf('f', Prisma.MediaFileScalarFieldEnum);

/** Defines a loader of the newest file of a kind that an episode or a clip has, unless the episode is archived. */
const newestFile = (column: 'episode_id' | 'clip_id', kind: MediaFileKind, condition: string) =>
  defineLoader<string, MediaFile | null>({
    async batch({ database }, requests) {
      const rows = await database.sql<MediaFile & { $ordinal: number }>(
        `SELECT k.ordinal::int AS "$ordinal", r.* FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k(id, viewer_id, ordinal)
CROSS JOIN LATERAL (SELECT ${columns.list} FROM media_files f JOIN episodes e ON e.id = f.episode_id
  WHERE f.${column} = k.id AND f.owner_id = k.viewer_id AND f.kind = '${kind}' AND e.archived_at IS NULL AND ${condition}
  ORDER BY f.created_at DESC, f.id DESC LIMIT 1) r`,
        [requests.map(({ key }) => key), requests.map(({ viewerId }) => viewerId)],
      );
      const byOrdinal = new Map(rows.map(({ $ordinal, ...file }) => [$ordinal, file]));
      return requests.map((_, index) => (byOrdinal.get(index + 1) as MediaFile | undefined) ?? null);
    },
  });

/** The recording of an episode, whether or not it has arrived. */
export const recordingOfEpisode = newestFile('episode_id', 'ORIGINAL', 'true');
/** The picture of an episode's sound. */
export const waveformOfEpisode = newestFile(
  'episode_id',
  'WAVEFORM',
  `f.clip_id IS NULL AND f.variant = '' AND f.state = 'STORED'`,
);
/** The peaks from which the waveforms of parts of an episode are drawn. */
export const peaksOfEpisode = newestFile(
  'episode_id',
  PEAKS.kind,
  `f.clip_id IS NULL AND f.variant = '${PEAKS.variant}' AND f.state = 'STORED'`,
);
/** The waveform picture of a clip, unless its edges have moved since it was drawn. */
export const waveformOfClip = newestFile(
  'clip_id',
  'WAVEFORM',
  `f.state = 'STORED' AND EXISTS (SELECT FROM clips c WHERE c.id = f.clip_id AND ${DRAWN_AT_EDGES})`,
);
/** The file of a clip's latest rendering. */
export const renderOfClip = newestFile('clip_id', 'RENDER', `f.state = 'STORED'`);
