-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "reasoning" TEXT;
