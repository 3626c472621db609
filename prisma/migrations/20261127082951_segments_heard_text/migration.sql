-- AlterTable
ALTER TABLE "transcript_segments" ADD COLUMN     "heard_text" TEXT;

-- Few are corrected, and a later import asks for those of one transcript.
CREATE INDEX "transcript_segments_corrected" ON "transcript_segments"("transcript_id", "index") WHERE "heard_text" IS NOT NULL;
