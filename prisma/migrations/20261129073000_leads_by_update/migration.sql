-- Writers go on meanwhile.
CREATE INDEX CONCURRENTLY "leads_owner_id_updated_at_id_idx" ON "leads"("owner_id", "updated_at", "id");
