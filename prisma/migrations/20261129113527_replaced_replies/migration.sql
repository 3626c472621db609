-- CreateTable
CREATE TABLE "replaced_replies" (
    "message_id" UUID NOT NULL,
    "content" TEXT NOT NULL,
    "model" TEXT,
    "tokens_input" INTEGER,
    "tokens_output" INTEGER,
    "latency_ms" INTEGER,
    "reasoning" TEXT,
    "citations" JSONB,
    "rating" "message_rating",
    "rating_comment" TEXT,

    CONSTRAINT "replaced_replies_pkey" PRIMARY KEY ("message_id")
);

-- AddForeignKey
ALTER TABLE "replaced_replies" ADD CONSTRAINT "replaced_replies_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
