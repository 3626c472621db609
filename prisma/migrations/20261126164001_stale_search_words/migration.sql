-- Words of deleted rows go with them, where no other row has them: they are noted here, and looked through later.
CREATE TABLE "search_stale_words" (
    "owner_id" UUID NOT NULL,
    "word" TEXT COLLATE "C" NOT NULL,
    "noted_by" BIGINT NOT NULL DEFAULT txid_current(),

    CONSTRAINT "search_stale_words_pkey" PRIMARY KEY ("owner_id","word","noted_by")
);

-- While somebody learns words of an owner, none of that owner's words is forgotten, and the other way round: what is known
-- now is known when the rows that have it are committed.
CREATE FUNCTION search_words_lock("owner_id" uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN hashtextextended('parley:search-words:' || "owner_id"::text, 0);

-- Each word is looked up by itself: a join was planned as a scan of all words, at 17 ms a message.
CREATE OR REPLACE FUNCTION search_learn_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(search_words_lock(owner_id))
  FROM (SELECT DISTINCT owner_id FROM written WHERE search <> ''::tsvector) owners;
  INSERT INTO search_words (owner_id, word)
  SELECT DISTINCT written.owner_id, l.word FROM written, unnest(tsvector_to_array(written.search)) AS l(word)
  WHERE search_is_word(l.word)
    AND (SELECT true FROM search_words k WHERE k.owner_id = written.owner_id AND k.word = l.word LIMIT 1) IS NULL;
  RETURN NULL;
END $$;

-- Of more than a thousand rows at once, as of an episode, only the owner is noted: all words of theirs are to be looked
-- through, for which the word '' stands.
CREATE FUNCTION search_note_deleted_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM gone LIMIT 1001) counted) > 1000 THEN
    INSERT INTO search_stale_words (owner_id, word) SELECT DISTINCT owner_id, '' FROM gone ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO search_stale_words (owner_id, word)
    SELECT DISTINCT gone.owner_id, l.word FROM gone, unnest(tsvector_to_array(gone.search)) AS l(word)
    WHERE search_is_word(l.word) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION search_note_replaced_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO search_stale_words (owner_id, word)
  SELECT OLD.owner_id, l.word FROM unnest(tsvector_to_array(OLD.search)) AS l(word)
  WHERE search_is_word(l.word) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "memories_words_deleted" AFTER DELETE ON "memories"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_note_deleted_words();
CREATE TRIGGER "messages_words_deleted" AFTER DELETE ON "messages"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_note_deleted_words();
CREATE TRIGGER "segments_words_deleted" AFTER DELETE ON "transcript_segments"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_note_deleted_words();
CREATE TRIGGER "memories_words_replaced" AFTER UPDATE ON "memories"
  FOR EACH ROW WHEN (OLD.search <> NEW.search) EXECUTE FUNCTION search_note_replaced_words();
CREATE TRIGGER "messages_words_replaced" AFTER UPDATE ON "messages"
  FOR EACH ROW WHEN (OLD.search <> NEW.search) EXECUTE FUNCTION search_note_replaced_words();

-- By the index of search alone: planned for one row, it would read all rows for a word that none has.
CREATE FUNCTION search_word_is_used("owner" uuid, "lexeme" text) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT SET search_path FROM CURRENT
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$
DECLARE
  query tsquery := ('''' || replace(replace("lexeme", '\', '\\'), '''', '''''') || '''')::tsquery;
BEGIN
  RETURN EXISTS (SELECT FROM messages WHERE owner_id = "owner" AND search @@ query)
    OR EXISTS (SELECT FROM memories WHERE owner_id = "owner" AND search @@ query)
    OR EXISTS (SELECT FROM transcript_segments WHERE owner_id = "owner" AND search @@ query);
END $$;

-- What is left of rows that are gone already.
INSERT INTO "search_stale_words" ("owner_id", "word") SELECT DISTINCT "owner_id", '' FROM "search_words";
