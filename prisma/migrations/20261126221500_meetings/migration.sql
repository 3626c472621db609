-- AlterEnum
ALTER TYPE "change_type" ADD VALUE 'MEETING';

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "time_zone" TEXT,
ADD COLUMN     "work_days" INTEGER[],
ADD COLUMN     "work_end" TEXT,
ADD COLUMN     "work_start" TEXT;

-- Compares uuids in the index of the constraint. A trusted extension: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- No two scheduled meetings of an owner overlap.
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_end_after_start" CHECK ("ends_at" > "starts_at");
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_no_overlap"
  EXCLUDE USING gist ("owner_id" WITH =, tstzrange("starts_at", "ends_at") WITH &&) WHERE ("status" = 'SCHEDULED');
