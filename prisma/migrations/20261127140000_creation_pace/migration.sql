-- AlterTable
ALTER TABLE "dial_pace" ADD COLUMN     "next_creation" TIMESTAMPTZ(3);
