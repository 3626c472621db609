-- AlterTable
ALTER TABLE "campaigns" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "window_changed_at" TIMESTAMPTZ(3);
