-- AlterTable
ALTER TABLE "calls" ADD COLUMN     "waiting_since" TIMESTAMPTZ(3);
