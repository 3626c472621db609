-- AlterEnum
ALTER TYPE "change_type" ADD VALUE 'CALL';

-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'CALL_LEAD';

-- AlterTable
ALTER TABLE "calls" ADD COLUMN "turns" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "turns_heard" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "dial_pace" (
    "provider" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dial_pace_pkey" PRIMARY KEY ("provider")
);

-- The calls that are not over, by the time at which their provider is asked about them.
CREATE INDEX "calls_deadline" ON "calls"("deadline_at") WHERE "status" IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS');

-- The calls that were answered, newest first: whether anything was heard in them is a matter of health.
CREATE INDEX "calls_answered" ON "calls"("ended_at") WHERE "started_at" IS NOT NULL;
