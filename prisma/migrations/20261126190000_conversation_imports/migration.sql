-- Exports of other applications are uploaded into rows, for a job to read; what it imports is known by where it is from.
-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'IMPORT_CONVERSATIONS';

-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "source_id" TEXT;

-- CreateTable
CREATE TABLE "conversation_uploads" (
    "id" UUID NOT NULL,
    "owner_id" UUID,
    "job_id" UUID,
    "size_bytes" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversation_uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conversation_upload_chunks" (
    "id" UUID NOT NULL,
    "upload_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "conversation_upload_chunks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "conversation_uploads_job_id_key" ON "conversation_uploads"("job_id");

-- CreateIndex
CREATE INDEX "conversation_uploads_owner_id_idx" ON "conversation_uploads"("owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "conversation_upload_chunks_upload_id_index_key" ON "conversation_upload_chunks"("upload_id", "index");

-- CreateIndex
CREATE UNIQUE INDEX "conversations_owner_id_source_id_key" ON "conversations"("owner_id", "source_id");

-- AddForeignKey
ALTER TABLE "conversation_uploads" ADD CONSTRAINT "conversation_uploads_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversation_upload_chunks" ADD CONSTRAINT "conversation_upload_chunks_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "conversation_uploads"("id") ON DELETE CASCADE ON UPDATE CASCADE;
