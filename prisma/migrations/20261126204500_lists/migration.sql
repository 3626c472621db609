-- What its user decided about a clip.
ALTER TYPE "clip_status" ADD VALUE 'APPROVED';
ALTER TYPE "clip_status" ADD VALUE 'REJECTED';
ALTER TYPE "clip_status" ADD VALUE 'PUBLISHED';

-- An archived episode keeps the status that it had; what that was is read from what its last job left.
ALTER TABLE "episodes" ADD COLUMN "archived_at" TIMESTAMPTZ(3);
UPDATE "episodes" SET "archived_at" = CURRENT_TIMESTAMP, "status" = (CASE
  WHEN "error_code" IS NOT NULL THEN 'FAILED'
  WHEN "processed_at" IS NOT NULL THEN 'READY'
  ELSE 'UPLOADED' END)::"episode_status"
WHERE "status" = 'ARCHIVED';

-- The first letters alone: a title may be longer than an index takes.
CREATE INDEX "episodes_title" ON "episodes"("owner_id", (left(fold_text(coalesce("title", '')), 200) COLLATE "C"), "id");

-- Clips are listed across the episodes of their owner.
ALTER TABLE "clips" ADD COLUMN "owner_id" UUID, ADD COLUMN "trimmed_at" TIMESTAMPTZ(3);
UPDATE "clips" SET "owner_id" = e."owner_id" FROM "episodes" e WHERE e."id" = "clips"."episode_id";
ALTER TABLE "clips" ALTER COLUMN "owner_id" SET NOT NULL;
CREATE INDEX "clips_owner_id_score_id_idx" ON "clips"("owner_id", "score", "id");
CREATE INDEX "clips_owner_id_created_at_id_idx" ON "clips"("owner_id", "created_at", "id");
CREATE INDEX "clips_owner_id_episode_id_start_seconds_id_idx" ON "clips"("owner_id", "episode_id", "start_seconds", "id");

-- CreateIndex
CREATE INDEX "memories_owner_id_updated_at_id_idx" ON "memories"("owner_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "memories_owner_id_importance_id_idx" ON "memories"("owner_id", "importance", "id");

-- DropIndex
DROP INDEX "jobs_requested_by_id_updated_at_idx";

-- CreateIndex
CREATE INDEX "jobs_requested_by_id_updated_at_id_idx" ON "jobs"("requested_by_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "jobs_queued_at_id_idx" ON "jobs"("queued_at", "id");

-- CreateIndex
CREATE INDEX "jobs_updated_at_id_idx" ON "jobs"("updated_at", "id");
