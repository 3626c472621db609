-- AlterTable
ALTER TABLE "calls" ADD COLUMN     "hang_up_at" TIMESTAMPTZ(3);
