-- AlterTable
ALTER TABLE "transcripts" ADD COLUMN     "speakers" JSONB;

-- Who speaks in the transcripts from before, so that no list of episodes has to read their segments.
UPDATE "transcripts" t SET "speakers" = (
  SELECT coalesce(jsonb_agg(to_jsonb(listed) - 'first' ORDER BY "spokenSeconds" DESC, first), '[]'::jsonb)
  FROM (SELECT speaker AS name, round(sum(end_seconds - start_seconds)::numeric, 3)::float8 AS "spokenSeconds",
      count(*)::int AS "segmentCount", min(index) AS first
    FROM transcript_segments s WHERE s.transcript_id = t.id AND s.speaker IS NOT NULL
    GROUP BY speaker ORDER BY 2 DESC, 4 LIMIT 100) AS listed)
WHERE "episode_id" IS NOT NULL;
