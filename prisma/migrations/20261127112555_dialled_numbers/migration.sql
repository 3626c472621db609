-- CreateTable
CREATE TABLE "dialled_numbers" (
    "call_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "phone_hash" BYTEA NOT NULL,
    "dialled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dialled_numbers_pkey" PRIMARY KEY ("call_id")
);

-- CreateIndex
CREATE INDEX "dialled_numbers_owner_id_phone_hash_dialled_at_idx" ON "dialled_numbers"("owner_id", "phone_hash", "dialled_at");

-- CreateIndex
CREATE INDEX "dialled_numbers_dialled_at_idx" ON "dialled_numbers"("dialled_at");

-- AddForeignKey
ALTER TABLE "dialled_numbers" ADD CONSTRAINT "dialled_numbers_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
