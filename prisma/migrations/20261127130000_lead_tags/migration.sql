-- CreateTable
CREATE TABLE "lead_tags" (
    "owner_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "lead_id" UUID NOT NULL,

    CONSTRAINT "lead_tags_pkey" PRIMARY KEY ("owner_id","tag","created_at","lead_id")
);

-- Triggers keep the rows from here on; no process writes leads between them and what follows.
LOCK TABLE "leads" IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO "lead_tags" ("owner_id", "tag", "created_at", "lead_id")
SELECT DISTINCT l."owner_id", t."tag", l."created_at", l."id" FROM "leads" l, unnest(l."tags") AS t("tag");

-- CreateIndex
CREATE INDEX "lead_tags_lead_id_idx" ON "lead_tags"("lead_id");

-- AddForeignKey
ALTER TABLE "lead_tags" ADD CONSTRAINT "lead_tags_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE FUNCTION leads_learn_tags() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO lead_tags (owner_id, tag, created_at, lead_id)
  SELECT DISTINCT l.owner_id, t.tag, l.created_at, l.id FROM written l, unnest(l.tags) AS t(tag)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION leads_change_tags() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM lead_tags WHERE lead_id = NEW.id;
  INSERT INTO lead_tags (owner_id, tag, created_at, lead_id)
  SELECT DISTINCT NEW.owner_id, t.tag, NEW.created_at, NEW.id FROM unnest(NEW.tags) AS t(tag);
  RETURN NULL;
END $$;

CREATE TRIGGER "leads_tags_inserted" AFTER INSERT ON "leads"
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION leads_learn_tags();
CREATE TRIGGER "leads_tags_updated" AFTER UPDATE ON "leads"
  FOR EACH ROW WHEN (OLD.tags IS DISTINCT FROM NEW.tags OR OLD.created_at <> NEW.created_at OR OLD.owner_id <> NEW.owner_id)
  EXECUTE FUNCTION leads_change_tags();
