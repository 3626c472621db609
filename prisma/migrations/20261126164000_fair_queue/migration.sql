-- Users take turns: of the waiting jobs of one priority, the one with the least turn is delivered first.
ALTER TABLE "jobs" ADD COLUMN     "turn" INTEGER NOT NULL DEFAULT 0;

-- DropIndex
DROP INDEX "jobs_status_kind_priority_queued_at_idx";

-- CreateIndex
CREATE INDEX "jobs_status_kind_priority_turn_idx" ON "jobs"("status", "kind", "priority", "turn");

-- A user's next turn is found here; jobs that have ended leave it.
CREATE INDEX "jobs_open_of_user" ON "jobs"("requested_by_id", "kind", "priority", "turn")
  WHERE "status" IN ('QUEUED', 'RETRYING', 'RUNNING', 'CANCELLING');

-- pg-boss, where it is installed already, gets the numbers that it is given for these priorities from now on.
DO $$ BEGIN
  IF to_regclass('pgboss.job') IS NOT NULL THEN
    UPDATE pgboss.job SET priority = priority * 536870912 WHERE priority BETWEEN 1 AND 3;
  END IF;
END $$;
