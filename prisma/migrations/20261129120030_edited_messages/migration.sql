-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "discarded_numbers" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "discarded_from" INTEGER,
ADD COLUMN     "edited_at" TIMESTAMPTZ(3);
