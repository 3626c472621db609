-- What the owner said that ended a memory.
ALTER TABLE "memories" ADD COLUMN "ended_reason" TEXT;

-- Messages behind memories that were deleted: replies do not draw on them, and nothing is learned from them again.
CREATE TABLE "forgotten_messages" (
    "message_id" UUID NOT NULL,

    CONSTRAINT "forgotten_messages_pkey" PRIMARY KEY ("message_id")
);

ALTER TABLE "forgotten_messages" ADD CONSTRAINT "forgotten_messages_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
