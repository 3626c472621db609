-- Leads that were never called come first. Writers go on meanwhile.
CREATE INDEX CONCURRENTLY "leads_last_attempt" ON "leads"("owner_id", coalesce("last_attempt_at", '-infinity'::timestamptz), "id");
