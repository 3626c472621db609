-- CreateEnum
CREATE TYPE "media_file_kind" AS ENUM ('ORIGINAL', 'AUDIO', 'WAVEFORM', 'RENDER');

-- CreateEnum
CREATE TYPE "media_file_state" AS ENUM ('UPLOADING', 'STORED');

-- CreateTable
CREATE TABLE "media_files" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "episode_id" UUID NOT NULL,
    "clip_id" UUID,
    "kind" "media_file_kind" NOT NULL,
    "variant" TEXT NOT NULL DEFAULT '',
    "state" "media_file_state" NOT NULL,
    "storage_key" TEXT NOT NULL,
    "content_type" TEXT,
    "size_bytes" BIGINT NOT NULL,
    "sha256" TEXT,
    "upload_fence" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "media_files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "removed_files" (
    "storage_key" TEXT NOT NULL,
    "removed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "removed_files_pkey" PRIMARY KEY ("storage_key")
);

-- CreateIndex
CREATE UNIQUE INDEX "media_files_storage_key_key" ON "media_files"("storage_key");

-- CreateIndex
CREATE INDEX "media_files_owner_id_idx" ON "media_files"("owner_id");

-- CreateIndex
CREATE INDEX "media_files_episode_id_kind_created_at_idx" ON "media_files"("episode_id", "kind", "created_at");

-- CreateIndex
CREATE INDEX "media_files_clip_id_kind_created_at_idx" ON "media_files"("clip_id", "kind", "created_at");

-- CreateIndex
CREATE INDEX "media_files_state_expires_at_idx" ON "media_files"("state", "expires_at");

-- AddForeignKey
ALTER TABLE "media_files" ADD CONSTRAINT "media_files_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "media_files" ADD CONSTRAINT "media_files_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "media_files" ADD CONSTRAINT "media_files_clip_id_fkey" FOREIGN KEY ("clip_id") REFERENCES "clips"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whatever deletes a row, if only by cascade, leaves the name of its file: so no file outlives its row unnoticed.
CREATE FUNCTION media_files_note_removed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO removed_files (storage_key) SELECT storage_key FROM gone ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "media_files_removed" AFTER DELETE ON "media_files"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION media_files_note_removed();
