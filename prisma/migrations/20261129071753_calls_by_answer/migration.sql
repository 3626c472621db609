-- Calls go on meanwhile.
CREATE INDEX CONCURRENTLY "calls_owner_id_started_at_idx" ON "calls"("owner_id", "started_at");
