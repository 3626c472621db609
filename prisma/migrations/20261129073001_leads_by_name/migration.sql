-- Writers go on meanwhile.
CREATE INDEX CONCURRENTLY "leads_name" ON "leads"("owner_id", (left(fold_text("name"), 200) COLLATE "C"), "id");
