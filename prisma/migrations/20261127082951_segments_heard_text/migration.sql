-- AlterTable
ALTER TABLE "transcript_segments" ADD COLUMN     "heard_text" TEXT;
