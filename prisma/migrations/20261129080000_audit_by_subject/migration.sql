-- Writers go on meanwhile.
CREATE INDEX CONCURRENTLY "audit_entries_subject_id_at_id_idx" ON "audit_entries"("subject_id", "at", "id");
