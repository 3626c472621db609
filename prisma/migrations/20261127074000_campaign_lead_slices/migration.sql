-- Campaigns whose leads were being listed when their process died.
DELETE FROM "campaigns" WHERE "owner_id" IS NULL;

-- AlterTable
ALTER TABLE "campaigns" ALTER COLUMN "owner_id" SET NOT NULL;

-- CreateTable
CREATE TABLE "campaign_lead_slices" (
    "campaign_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "lead_ids" UUID[],
    "size" INTEGER NOT NULL,

    CONSTRAINT "campaign_lead_slices_pkey" PRIMARY KEY ("campaign_id","index")
);

-- AddForeignKey
ALTER TABLE "campaign_lead_slices" ADD CONSTRAINT "campaign_lead_slices_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;
