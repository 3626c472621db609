-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "render_out_of_date" BOOLEAN NOT NULL DEFAULT false;

-- A corrected segment is found by its new words, and its old ones go where no other row has them.
CREATE TRIGGER "segments_words_updated" AFTER UPDATE ON "transcript_segments"
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION search_learn_words();
CREATE TRIGGER "segments_words_replaced" AFTER UPDATE ON "transcript_segments"
  FOR EACH ROW WHEN (OLD.search <> NEW.search) EXECUTE FUNCTION search_note_replaced_words();
