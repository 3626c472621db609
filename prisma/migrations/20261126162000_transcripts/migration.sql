-- Segments belong to a transcript, which becomes the episode's when all of them are written. A transcript that is there already
-- gets the id of its episode, so that no segment has to be written again.
CREATE TABLE "transcripts" (
    "id" UUID NOT NULL,
    "episode_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transcripts_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "transcripts_episode_id_key" ON "transcripts"("episode_id");

ALTER TABLE "transcripts" ADD CONSTRAINT "transcripts_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "transcripts" ("id", "episode_id")
SELECT e."id", e."id" FROM "episodes" e WHERE EXISTS (SELECT FROM "transcript_segments" s WHERE s."episode_id" = e."id");

ALTER TABLE "transcript_segments" DROP CONSTRAINT "transcript_segments_episode_id_fkey";
ALTER TABLE "transcript_segments" RENAME COLUMN "episode_id" TO "transcript_id";
ALTER INDEX "transcript_segments_episode_id_index_key" RENAME TO "transcript_segments_transcript_id_index_key";
ALTER TABLE "transcript_segments" ADD CONSTRAINT "transcript_segments_transcript_id_fkey" FOREIGN KEY ("transcript_id") REFERENCES "transcripts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
