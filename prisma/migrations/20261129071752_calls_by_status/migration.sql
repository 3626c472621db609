-- Calls go on meanwhile.
CREATE INDEX CONCURRENTLY "calls_owner_id_status_queued_at_id_idx" ON "calls"("owner_id", "status", "queued_at", "id");
