-- AlterEnum
ALTER TYPE "change_type" ADD VALUE 'CAMPAIGN';

-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'RUN_CAMPAIGN';

-- AlterTable
ALTER TABLE "campaign_leads" ADD COLUMN     "call_id" UUID;

-- AlterTable
ALTER TABLE "campaigns" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "waiting_since" TIMESTAMPTZ(3),
ALTER COLUMN "owner_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "sleeps_until" TIMESTAMPTZ(3),
ADD COLUMN     "wakes" INTEGER NOT NULL DEFAULT 0;

-- The campaigns that wait for a place for a call, the one that waits longest first.
CREATE INDEX "campaigns_waiting" ON "campaigns"("waiting_since") WHERE "waiting_since" IS NOT NULL;
