-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "lead_id" UUID;

-- CreateIndex
CREATE INDEX "conversations_lead_id_idx" ON "conversations"("lead_id");

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE SET NULL ON UPDATE CASCADE;

UPDATE "conversations" SET "lead_id" = "calls"."lead_id" FROM "calls" WHERE "calls"."conversation_id" = "conversations"."id";
