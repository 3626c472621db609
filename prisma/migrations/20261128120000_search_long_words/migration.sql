-- PostgreSQL's parser looks from each place of a word ahead to its end, for an address that it may be: 80,000 letters that
-- underscores join took 13 s for each vector. A word of more than 150 letters, which nobody looks for, is several.
CREATE OR REPLACE FUNCTION search_vector("speaker" text, "said" text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
  normal text := search_normal("said");
  stems tsvector;
BEGIN
  IF octet_length(normal) > 250000 THEN normal := left(normal, 80000); END IF;
  normal := regexp_replace(normal, '\S{150}', '\& ', 'g');
  stems := to_tsvector('english', normal);
  stems := stems || ts_delete(to_tsvector('simple', normal), tsvector_to_array(stems));
  IF "speaker" IS NULL THEN RETURN stems; END IF;
  RETURN setweight(to_tsvector('simple', search_normal("speaker")), 'A') || stems;
END $$;
