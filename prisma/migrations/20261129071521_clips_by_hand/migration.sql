-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "created_by_user" BOOLEAN NOT NULL DEFAULT false;
