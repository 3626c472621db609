-- Why an episode FAILED becomes a code, a message and whether trying again may help, as jobs have it. The texts that are
-- there stay as messages; their codes are those of the jobs that failed with them, where these still say so.
ALTER TABLE "episodes" RENAME COLUMN "error" TO "error_message";
ALTER TABLE "episodes" ADD COLUMN     "error_code" TEXT,
ADD COLUMN     "error_retryable" BOOLEAN;

UPDATE "episodes" SET "error_code" = 'INTERNAL_SERVER_ERROR', "error_retryable" = false
WHERE "error_message" IS NOT NULL;

UPDATE "episodes" SET "error_code" = "jobs"."error_code", "error_retryable" = "jobs"."error_retryable"
FROM "jobs"
WHERE "jobs"."kind" = 'PROCESS_EPISODE' AND "jobs"."subject_id" = "episodes"."id"
  AND "jobs"."error_message" = "episodes"."error_message"
  AND "jobs"."error_code" IS NOT NULL AND "jobs"."error_retryable" IS NOT NULL;
