-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "points_per_minute" INTEGER;
