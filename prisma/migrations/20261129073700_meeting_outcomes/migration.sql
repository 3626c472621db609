-- CreateEnum
CREATE TYPE "meeting_outcome" AS ENUM ('HELD', 'NO_SHOW');

-- AlterTable
ALTER TABLE "meetings" ADD COLUMN     "outcome" "meeting_outcome";

-- So far, a meeting that was COMPLETED had taken place.
UPDATE "meetings" SET "outcome" = 'HELD' WHERE "status" = 'COMPLETED';
