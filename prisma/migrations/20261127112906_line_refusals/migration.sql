-- AlterTable
ALTER TABLE "campaigns" ADD COLUMN     "line_refusal" TEXT;

-- AlterTable
ALTER TABLE "dial_pace" ADD COLUMN     "refusal" TEXT,
ADD COLUMN     "refused_at" TIMESTAMPTZ(3);
