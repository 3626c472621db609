-- Few are so at a time, and a timer asks for the earliest. Writers go on meanwhile.
CREATE INDEX CONCURRENTLY "calls_hang_up" ON "calls"("hang_up_at") WHERE "hang_up_at" IS NOT NULL;
