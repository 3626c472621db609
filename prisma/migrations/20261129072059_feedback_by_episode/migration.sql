-- DropIndex
DROP INDEX "feedback_episode_id_idx";

-- CreateIndex
CREATE INDEX "feedback_episode_id_created_at_id_idx" ON "feedback"("episode_id", "created_at", "id");
