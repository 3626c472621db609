-- What search reads: one vector a row, made by the database in the statement that writes the row.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- One spelling for what people write in several: letter case, accents, niqqud, final letters, the quotes in צה"ל, the 's
-- of a possessive. The signs that become spaces would make PostgreSQL's parser take what they join for one word: an
-- address, a file, a tag, a number.
CREATE FUNCTION search_normal("text" text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(replace(replace(
  CASE WHEN octet_length("text") = length("text") THEN lower("text")
  ELSE translate(regexp_replace(lower(normalize("text", NFKD)),
    '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]|([א-ת])["''״׳”’](?=[א-ת])', '\1', 'g'),
    'ךםןףץ’', 'כמנפצ''') END,
  '.', ' '), '-', ' '), '/', ' '), '<', ' '), '&', ' '), '+', ' ') || ' ', '''s ', ' ');

-- English stems and the words themselves side by side, a word that is its own stem once; who said it has weight A.
-- A vector holds 1 MB: of 250,000 bytes the worst case (short words, each unlike its stem) makes 850,000.
CREATE FUNCTION search_vector("speaker" text, "said" text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
  normal text := search_normal("said");
  stems tsvector;
BEGIN
  IF octet_length(normal) > 250000 THEN normal := left(normal, 80000); END IF;
  stems := to_tsvector('english', normal);
  stems := stems || ts_delete(to_tsvector('simple', normal), tsvector_to_array(stems));
  IF "speaker" IS NULL THEN RETURN stems; END IF;
  RETURN setweight(to_tsvector('simple', search_normal("speaker")), 'A') || stems;
END $$;

-- Who said it: what the metadata tells, else a name before a colon. PostgreSQL cannot read JSON that escapes NUL or half
-- of a surrogate pair.
CREATE FUNCTION search_speaker("metadata" json, "said" text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(coalesce(
  CASE WHEN "metadata"::text !~* '\\u(0000|d[89a-f])' THEN coalesce("metadata" ->> 'speaker', "metadata" ->> 'name') END,
  substring("said" FROM '^([[:alpha:]][[:alnum:] .''-]{0,39}): ')), 100);

ALTER TABLE "memories" ADD COLUMN "search" tsvector
  GENERATED ALWAYS AS (search_vector(search_speaker("metadata", "content"), "content")) STORED;
ALTER TABLE "messages" ADD COLUMN "search" tsvector
  GENERATED ALWAYS AS (CASE WHEN "status" = 'STREAMING' THEN ''::tsvector
    ELSE search_vector(search_speaker("metadata", "content"), "content") END) STORED;
ALTER TABLE "transcript_segments" ADD COLUMN "search" tsvector
  GENERATED ALWAYS AS (search_vector("speaker", "text")) STORED;

CREATE INDEX "memories_search" ON "memories" USING gin ("owner_id", "search");
CREATE INDEX "messages_search" ON "messages" USING gin ("owner_id", "search");
CREATE INDEX "transcript_segments_search" ON "transcript_segments" USING gin ("owner_id", "search");

-- In the order of bytes: words that begin alike stand together, whatever the database's language.
ALTER TABLE "search_words" ALTER COLUMN "word" TYPE text COLLATE "C";

-- Two transactions that learn a word at the same time both keep it. With one row a word they waited for each other's end, and a
-- message of somebody who was importing a transcript was refused as a deadlock.
ALTER TABLE "search_words" ADD COLUMN "learned_by" bigint NOT NULL DEFAULT txid_current(),
  DROP CONSTRAINT "search_words_pkey",
  ADD CONSTRAINT "search_words_pkey" PRIMARY KEY ("owner_id", "word", "learned_by");

-- Words that somebody may misspell: no numbers, nothing longer than 40 letters, and of the short ones those in Hebrew, which
-- are looked up without their prefixes.
CREATE FUNCTION search_is_word("lexeme" text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ascii("lexeme") > 57 AND length("lexeme") BETWEEN CASE WHEN ascii("lexeme") BETWEEN 1488 AND 1514 THEN 2 ELSE 4 END AND 40;

-- Each word is looked up by itself: a join was planned as a scan of all words, at 17 ms a message.
CREATE FUNCTION search_learn_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO search_words (owner_id, word)
  SELECT DISTINCT written.owner_id, l.word FROM written, unnest(tsvector_to_array(written.search)) AS l(word)
  WHERE search_is_word(l.word)
    AND (SELECT true FROM search_words k WHERE k.owner_id = written.owner_id AND k.word = l.word LIMIT 1) IS NULL;
  RETURN NULL;
END $$;

CREATE TRIGGER "memories_words_inserted" AFTER INSERT ON "memories"
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION search_learn_words();
CREATE TRIGGER "memories_words_updated" AFTER UPDATE ON "memories"
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION search_learn_words();
CREATE TRIGGER "messages_words_inserted" AFTER INSERT ON "messages"
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION search_learn_words();
CREATE TRIGGER "messages_words_updated" AFTER UPDATE ON "messages"
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION search_learn_words();
CREATE TRIGGER "segments_words_inserted" AFTER INSERT ON "transcript_segments"
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION search_learn_words();

-- The rows from before are read once.
INSERT INTO search_words (owner_id, word)
SELECT DISTINCT r.owner_id, l.word
FROM (SELECT owner_id, search FROM messages UNION ALL SELECT owner_id, search FROM transcript_segments) r,
  unnest(tsvector_to_array(r.search)) AS l(word)
WHERE search_is_word(l.word);
