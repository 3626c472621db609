-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "title_edited_at" TIMESTAMPTZ(3);
