-- CreateIndex
CREATE INDEX "memories_owner_id_expires_at_idx" ON "memories"("owner_id", "expires_at");
