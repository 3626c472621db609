-- CreateEnum
CREATE TYPE "change_type" AS ENUM ('CONVERSATION', 'MEMORY', 'EPISODE', 'CLIP', 'JOB', 'API_KEY');

-- Every change of a user's raises its row: room on the page keeps the versions together.
CREATE TABLE "revisions" (
    "user_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("user_id")
) WITH (fillfactor = 50);

-- CreateTable
CREATE TABLE "changes" (
    "owner_id" UUID NOT NULL,
    "type" "change_type" NOT NULL,
    "id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "deleted" BOOLEAN NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("owner_id","type","id")
);

-- CreateIndex
CREATE INDEX "changes_owner_id_number_type_id_idx" ON "changes"("owner_id", "number", "type", "id");

-- What was deleted is forgotten after a time.
CREATE INDEX "changes_deleted" ON "changes"("changed_at") WHERE "deleted";

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "changes" ADD CONSTRAINT "changes_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
