-- Calls go on meanwhile.
CREATE INDEX CONCURRENTLY "calls_campaign_id_status_queued_at_id_idx" ON "calls"("campaign_id", "status", "queued_at", "id");
