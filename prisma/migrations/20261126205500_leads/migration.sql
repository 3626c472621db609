-- CreateEnum
CREATE TYPE "lead_status" AS ENUM ('NEW', 'CONTACTED', 'QUALIFIED', 'MEETING_BOOKED', 'WON', 'LOST', 'DO_NOT_CALL');

-- AlterEnum
ALTER TYPE "change_type" ADD VALUE 'LEAD';

-- Every two and every three characters that follow each other, so that a part of a text finds it, whatever the database's
-- locale: pg_trgm knows no letters beyond ASCII where that is C.
CREATE FUNCTION grams("text" text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  chars CONSTANT text[] := string_to_array("text", NULL);
  size CONSTANT int := coalesce(cardinality(chars), 0);
  found text[] := '{}';
BEGIN
  FOR i IN 1 .. size - 1 LOOP
    found := array_append(found, chars[i] || chars[i + 1]);
    IF i < size - 1 THEN found := array_append(found, chars[i] || chars[i + 1] || chars[i + 2]); END IF;
  END LOOP;
  RETURN found;
END $$;

-- What texts have that contain a part of two characters or more: every three characters of it. Quotes and backslashes are
-- doubled, as tsquery has them.
CREATE FUNCTION grams_query("part" text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(
    chr(39) || replace(replace(g.gram, chr(92), repeat(chr(92), 2)), chr(39), repeat(chr(39), 2)) || chr(39), ' & ')::tsquery
  FROM unnest(grams("part")) AS g(gram) WHERE length(g.gram) = least(length("part"), 3)
$$;

CREATE FUNCTION lead_search_text("name" text, "company" text, "phone" text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT fold_text("name") || E'\n' || coalesce(fold_text("company"), '') || E'\n' || "phone"
$$;

-- CreateTable
CREATE TABLE "leads" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "email" TEXT,
    "company" TEXT,
    "language" TEXT NOT NULL,
    "time_zone" TEXT,
    "status" "lead_status" NOT NULL DEFAULT 'NEW',
    "source" TEXT,
    "notes" TEXT,
    "tags" TEXT[],
    "consent_at" TIMESTAMPTZ(3),
    "registry_checked_at" TIMESTAMPTZ(3),
    "registry_reference" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_attempt_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "search_text" text GENERATED ALWAYS AS (lead_search_text("name", "company", "phone")) STORED,
    "search" tsvector GENERATED ALWAYS AS (array_to_tsvector(grams(lead_search_text("name", "company", "phone")))) STORED,

    CONSTRAINT "leads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "do_not_call" (
    "owner_id" UUID NOT NULL,
    "phone_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "do_not_call_pkey" PRIMARY KEY ("owner_id","phone_hash")
);

-- CreateIndex
CREATE INDEX "leads_owner_id_created_at_id_idx" ON "leads"("owner_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "leads_owner_id_status_created_at_id_idx" ON "leads"("owner_id", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "leads_tags" ON "leads" USING GIN ("owner_id" uuid_ops, "tags");

-- CreateIndex
CREATE INDEX "leads_search" ON "leads" USING GIN ("owner_id" uuid_ops, "search");

-- CreateIndex
CREATE UNIQUE INDEX "leads_owner_id_phone_key" ON "leads"("owner_id", "phone");

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "do_not_call" ADD CONSTRAINT "do_not_call_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
