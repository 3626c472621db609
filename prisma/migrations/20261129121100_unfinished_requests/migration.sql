-- AlterTable
ALTER TABLE "idempotency_keys" ADD COLUMN "unfinished" BOOLEAN NOT NULL DEFAULT false;
