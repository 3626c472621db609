-- AlterTable
ALTER TABLE "users" ADD COLUMN     "points_per_minute" INTEGER,
ADD COLUMN     "storage_quota_bytes" BIGINT;
