-- AlterTable
ALTER TABLE "calls" ADD COLUMN     "evidence" JSONB;

-- AlterTable
ALTER TABLE "leads" ADD COLUMN     "consent_reference" TEXT;
