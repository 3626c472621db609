-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'TITLE_CONVERSATION';

-- CreateEnum
CREATE TYPE "title_origin" AS ENUM ('USER_WORDS', 'MODEL');

-- CreateEnum
CREATE TYPE "message_rating" AS ENUM ('UP', 'DOWN');

-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "instructions" TEXT,
ADD COLUMN     "last_read_sequence" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "last_update" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "model" TEXT,
ADD COLUMN     "title_origin" "title_origin";

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "client_id" TEXT,
ADD COLUMN     "rating" "message_rating",
ADD COLUMN     "rating_comment" TEXT,
ADD COLUMN     "update_number" INTEGER NOT NULL DEFAULT 0;

-- What was there before anybody could say that it is read, is read.
UPDATE "conversations" SET "last_read_sequence" = "last_sequence";

-- A message that is sent twice is found by the name that its client gave it.
CREATE UNIQUE INDEX "messages_client_id" ON "messages"("conversation_id", "client_id") WHERE "client_id" IS NOT NULL;

-- The updates of a conversation's messages, in their order.
CREATE INDEX "messages_updates" ON "messages"("conversation_id", "update_number") WHERE "update_number" > 0;

-- What waits to be read, counted from the index alone.
CREATE INDEX "messages_to_be_read" ON "messages"("conversation_id", "sequence")
WHERE "role" = 'ASSISTANT' AND "status" IN ('COMPLETE', 'FAILED') AND "tool_calls" IS NULL;

-- Ratings by model.
CREATE INDEX "messages_rated" ON "messages"("owner_id", "model", "rating") WHERE "rating" IS NOT NULL;
