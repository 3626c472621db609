-- AlterTable
ALTER TABLE "users" ADD COLUMN     "suspended_at" TIMESTAMPTZ(3),
ADD COLUMN     "suspended_reason" TEXT;

-- CreateIndex
CREATE INDEX "users_created_at_id_idx" ON "users"("created_at", "id");

-- CreateIndex
CREATE INDEX "users_role_created_at_id_idx" ON "users"("role", "created_at", "id");

-- The list of users in the order of their names, which are ASCII.
CREATE INDEX "users_by_username" ON "users"((lower("username" COLLATE "C")), "id");

-- Those who are suspended are few.
CREATE INDEX "users_suspended" ON "users"("created_at", "id") WHERE "suspended_at" IS NOT NULL;
