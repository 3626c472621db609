-- AlterTable
ALTER TABLE "calls" ADD COLUMN     "hang_up_at" TIMESTAMPTZ(3);

-- Few are so at a time, and a timer asks for the earliest.
CREATE INDEX "calls_hang_up" ON "calls"("hang_up_at") WHERE "hang_up_at" IS NOT NULL;
