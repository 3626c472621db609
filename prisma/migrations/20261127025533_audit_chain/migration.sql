-- Numbers are handed out by a sequence, so that no write waits for another.
CREATE SEQUENCE "audit_entries_position_seq";

-- The defaults come after the columns: entries that are there keep null, and the table is not rewritten under its lock.
ALTER TABLE "audit_entries" ADD COLUMN     "position" BIGINT,
ADD COLUMN     "salt" UUID;
ALTER TABLE "audit_entries" ALTER COLUMN "position" SET DEFAULT nextval('audit_entries_position_seq'::regclass),
ALTER COLUMN "salt" SET DEFAULT gen_random_uuid();
ALTER SEQUENCE "audit_entries_position_seq" OWNED BY "audit_entries"."position";

-- CreateTable
CREATE TABLE "audit_seals" (
    "last_position" BIGINT NOT NULL,
    "first_position" BIGINT NOT NULL,
    "newest_at" TIMESTAMPTZ(3) NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "positions" BIGINT[],
    "commitments" BYTEA NOT NULL,
    "hashes" BYTEA NOT NULL,

    CONSTRAINT "audit_seals_pkey" PRIMARY KEY ("last_position")
);

-- CreateTable
CREATE TABLE "audit_chain" (
    "id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "position" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "trimmed_position" BIGINT NOT NULL,
    "trimmed_hash" BYTEA NOT NULL,
    "trim_signature" BYTEA,

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("id")
);

INSERT INTO "audit_chain" ("id", "position", "hash", "trimmed_position", "trimmed_hash")
VALUES (1, 0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex'));
