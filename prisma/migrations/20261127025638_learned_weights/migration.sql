-- AlterTable
ALTER TABLE "feedback" ADD COLUMN     "features" JSONB;

-- What is known of clips that are there still.
UPDATE "feedback" f SET "features" = c."features" FROM "clips" c WHERE c."id" = f."clip_id";

-- CreateTable
CREATE TABLE "scoring_weights" (
    "owner_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "factors" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scoring_weights_pkey" PRIMARY KEY ("owner_id","version")
);

-- AddForeignKey
ALTER TABLE "scoring_weights" ADD CONSTRAINT "scoring_weights_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
