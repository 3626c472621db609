-- CreateEnum
CREATE TYPE "memory_kind" AS ENUM ('FACT', 'PREFERENCE', 'EVENT', 'SUMMARY', 'NOTE');

-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'GENERATE_REPLY';
ALTER TYPE "job_kind" ADD VALUE 'EXTRACT_MEMORIES';
ALTER TYPE "job_kind" ADD VALUE 'EMBED_MEMORIES';

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "citations" JSONB,
ADD COLUMN     "owner_id" UUID,
ADD COLUMN     "text_offset" INTEGER NOT NULL DEFAULT 0;

UPDATE "messages" SET "owner_id" = c."owner_id" FROM "conversations" c WHERE c."id" = "messages"."conversation_id";
ALTER TABLE "messages" ALTER COLUMN "owner_id" SET NOT NULL;

-- AlterTable
ALTER TABLE "transcript_segments" ADD COLUMN     "owner_id" UUID;

UPDATE "transcript_segments" SET "owner_id" = e."owner_id" FROM "episodes" e WHERE e."id" = "transcript_segments"."episode_id";
ALTER TABLE "transcript_segments" ALTER COLUMN "owner_id" SET NOT NULL;

-- A conversation has one reply under way at most.
CREATE UNIQUE INDEX "messages_one_reply_under_way" ON "messages"("conversation_id") WHERE "status" = 'STREAMING';

-- CreateTable
CREATE TABLE "memories" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "content" TEXT NOT NULL,
    "kind" "memory_kind" NOT NULL,
    "tags" TEXT[],
    "importance" DOUBLE PRECISION NOT NULL,
    "topic" TEXT,
    "likeness" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "source_message_id" UUID,
    "conversation_id" UUID,
    "superseded_by_id" UUID,
    "metadata" JSON,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_recalled_at" TIMESTAMPTZ(3),

    CONSTRAINT "memories_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memory_embeddings" (
    "memory_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "embedding" REAL[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memory_embeddings_pkey" PRIMARY KEY ("memory_id")
);

-- CreateTable
CREATE TABLE "search_words" (
    "owner_id" UUID NOT NULL,
    "word" TEXT NOT NULL,

    CONSTRAINT "search_words_pkey" PRIMARY KEY ("owner_id","word")
);

-- CreateTable
CREATE TABLE "model_circuits" (
    "worker_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_circuits_pkey" PRIMARY KEY ("worker_id")
);

-- CreateIndex
CREATE INDEX "memories_owner_id_created_at_id_idx" ON "memories"("owner_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "memories_owner_id_topic_idx" ON "memories"("owner_id", "topic");

-- CreateIndex
CREATE INDEX "memories_source_message_id_idx" ON "memories"("source_message_id");

-- CreateIndex
CREATE INDEX "memories_conversation_id_created_at_id_idx" ON "memories"("conversation_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "memories_superseded_by_id_idx" ON "memories"("superseded_by_id");

-- CreateIndex: without a list of what is not yet in it, which every save would read to the end
CREATE INDEX "memories_likeness_idx" ON "memories" USING GIN ("likeness") WITH (fastupdate = off);

-- AddForeignKey
ALTER TABLE "memories" ADD CONSTRAINT "memories_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memories" ADD CONSTRAINT "memories_source_message_id_fkey" FOREIGN KEY ("source_message_id") REFERENCES "messages"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memories" ADD CONSTRAINT "memories_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memories" ADD CONSTRAINT "memories_superseded_by_id_fkey" FOREIGN KEY ("superseded_by_id") REFERENCES "memories"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memory_embeddings" ADD CONSTRAINT "memory_embeddings_memory_id_fkey" FOREIGN KEY ("memory_id") REFERENCES "memories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "search_words" ADD CONSTRAINT "search_words_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
