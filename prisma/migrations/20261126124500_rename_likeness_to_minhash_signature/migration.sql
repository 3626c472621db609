-- The column gets the name that the field has for what it holds; no row is written again.
ALTER TABLE "memories" RENAME COLUMN "likeness" TO "minhash_signature";

-- RenameIndex
ALTER INDEX "memories_likeness_idx" RENAME TO "memories_minhash_signature_idx";
