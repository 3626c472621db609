-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "job_kind" ADD VALUE 'CLEAN_UP_CONVERSATIONS';
ALTER TYPE "job_kind" ADD VALUE 'ERASE_USER';
ALTER TYPE "job_kind" ADD VALUE 'BACK_UP';

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "held_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "backups" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "uncompressed_bytes" BIGINT NOT NULL,
    "duration_seconds" DOUBLE PRECISION NOT NULL,
    "verified_at" TIMESTAMPTZ(3),
    "verified" BOOLEAN,

    CONSTRAINT "backups_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedules" (
    "name" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_due_at" TIMESTAMPTZ(3) NOT NULL,
    "succeeded_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "backups_created_at_id_idx" ON "backups"("created_at", "id");

-- CreateIndex
CREATE INDEX "backups_verified_created_at_idx" ON "backups"("verified", "created_at");

-- CreateIndex
CREATE INDEX "feedback_author_id_idx" ON "feedback"("author_id");
