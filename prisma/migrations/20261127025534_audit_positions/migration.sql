-- Writers go on meanwhile.
CREATE INDEX CONCURRENTLY "audit_entries_position_idx" ON "audit_entries"("position");
