-- Rare actions are found by it. The most frequent one is left out: it is never far, and its writes would pay for the index.
CREATE INDEX CONCURRENTLY "audit_entries_by_action" ON "audit_entries"("action", "at", "id") WHERE "action" <> 'message.add';
