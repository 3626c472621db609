-- AlterTable
ALTER TABLE "webhooks" ADD COLUMN "older_secrets" JSONB NOT NULL DEFAULT '[]';
