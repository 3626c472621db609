-- AlterTable
ALTER TABLE "transcripts" ADD COLUMN     "chapters" JSONB;
