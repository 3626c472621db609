-- AlterTable
ALTER TABLE "campaigns" ADD COLUMN     "starts_at" TIMESTAMPTZ(3);
