-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'EXPORT_USER_DATA';

-- CreateTable
CREATE TABLE "user_exports" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "storage_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_exports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_exports_storage_key_key" ON "user_exports"("storage_key");

-- CreateIndex
CREATE INDEX "user_exports_user_id_requested_by_id_idx" ON "user_exports"("user_id", "requested_by_id");

-- CreateIndex
CREATE INDEX "user_exports_requested_by_id_idx" ON "user_exports"("requested_by_id");

-- CreateIndex
CREATE INDEX "user_exports_expires_at_idx" ON "user_exports"("expires_at");

-- AddForeignKey
ALTER TABLE "user_exports" ADD CONSTRAINT "user_exports_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_exports" ADD CONSTRAINT "user_exports_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- As of media files: whatever deletes a row leaves the name of its file.
CREATE TRIGGER "user_exports_removed" AFTER DELETE ON "user_exports"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION media_files_note_removed();
