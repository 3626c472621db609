-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'IMPORT_LEADS';

-- How far the job has come with a file, so that its next attempt goes on from there.
-- AlterTable
ALTER TABLE "conversation_uploads" ADD COLUMN     "progress" JSON;
