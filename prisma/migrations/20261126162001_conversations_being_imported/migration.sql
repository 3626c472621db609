-- A conversation that is being imported is nobody's, until all of its messages are there.
ALTER TABLE "conversations" ALTER COLUMN "owner_id" DROP NOT NULL;
