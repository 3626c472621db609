-- AlterTable
ALTER TABLE "calls" ADD COLUMN     "dialled_local" TIMESTAMP(0);
