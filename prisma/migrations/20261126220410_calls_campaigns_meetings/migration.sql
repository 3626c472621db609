-- CreateEnum
CREATE TYPE "call_direction" AS ENUM ('OUTBOUND', 'INBOUND');

-- CreateEnum
CREATE TYPE "call_status" AS ENUM ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'COMPLETED', 'BUSY', 'NO_ANSWER', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "call_outcome" AS ENUM ('MEETING_BOOKED', 'INTERESTED', 'CALL_BACK', 'NOT_INTERESTED', 'WRONG_NUMBER', 'VOICEMAIL', 'DO_NOT_CALL', 'NO_OUTCOME');

-- CreateEnum
CREATE TYPE "call_party" AS ENUM ('PERSON', 'VOICEMAIL', 'SCREENER', 'HOLD', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "campaign_status" AS ENUM ('DRAFT', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "campaign_lead_status" AS ENUM ('PENDING', 'IN_PROGRESS', 'REACHED', 'NOT_REACHED', 'BLOCKED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "meeting_status" AS ENUM ('SCHEDULED', 'CANCELLED', 'COMPLETED');

-- CreateTable
CREATE TABLE "calls" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "campaign_id" UUID,
    "conversation_id" UUID,
    "direction" "call_direction" NOT NULL,
    "status" "call_status" NOT NULL DEFAULT 'QUEUED',
    "outcome" "call_outcome",
    "answered_by" "call_party",
    "phone" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_call_id" TEXT,
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dialled_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "deadline_at" TIMESTAMPTZ(3),
    "agent_state" JSONB,
    "next_step" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "error_retryable" BOOLEAN,

    CONSTRAINT "calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call_events" (
    "call_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answer" TEXT,

    CONSTRAINT "call_events_pkey" PRIMARY KEY ("call_id","key")
);

-- CreateTable
CREATE TABLE "campaigns" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "goal" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "status" "campaign_status" NOT NULL DEFAULT 'DRAFT',
    "window_start" TEXT NOT NULL,
    "window_end" TEXT NOT NULL,
    "window_days" INTEGER[],
    "respect_shabbat" BOOLEAN NOT NULL,
    "max_concurrent_calls" INTEGER NOT NULL,
    "max_attempts" INTEGER NOT NULL,
    "job_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_leads" (
    "campaign_id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "status" "campaign_lead_status" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "meeting_booked" BOOLEAN NOT NULL DEFAULT false,
    "blocked_reasons" TEXT[],

    CONSTRAINT "campaign_leads_pkey" PRIMARY KEY ("campaign_id","lead_id")
);

-- CreateTable
CREATE TABLE "meetings" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "call_id" UUID,
    "title" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "location" TEXT,
    "notes" TEXT,
    "status" "meeting_status" NOT NULL DEFAULT 'SCHEDULED',
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "meetings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "calls_conversation_id_key" ON "calls"("conversation_id");

-- CreateIndex
CREATE INDEX "calls_owner_id_queued_at_id_idx" ON "calls"("owner_id", "queued_at", "id");

-- CreateIndex
CREATE INDEX "calls_lead_id_queued_at_id_idx" ON "calls"("lead_id", "queued_at", "id");

-- CreateIndex
CREATE INDEX "calls_campaign_id_queued_at_id_idx" ON "calls"("campaign_id", "queued_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "calls_provider_provider_call_id_key" ON "calls"("provider", "provider_call_id");

-- CreateIndex
CREATE INDEX "campaigns_owner_id_created_at_id_idx" ON "campaigns"("owner_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "campaign_leads_campaign_id_status_due_at_idx" ON "campaign_leads"("campaign_id", "status", "due_at");

-- CreateIndex
CREATE INDEX "campaign_leads_lead_id_idx" ON "campaign_leads"("lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "meetings_call_id_key" ON "meetings"("call_id");

-- CreateIndex
CREATE INDEX "meetings_owner_id_starts_at_id_idx" ON "meetings"("owner_id", "starts_at", "id");

-- CreateIndex
CREATE INDEX "meetings_lead_id_starts_at_id_idx" ON "meetings"("lead_id", "starts_at", "id");

-- AddForeignKey
ALTER TABLE "calls" ADD CONSTRAINT "calls_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calls" ADD CONSTRAINT "calls_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calls" ADD CONSTRAINT "calls_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calls" ADD CONSTRAINT "calls_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "call_events" ADD CONSTRAINT "call_events_call_id_fkey" FOREIGN KEY ("call_id") REFERENCES "calls"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_leads" ADD CONSTRAINT "campaign_leads_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_leads" ADD CONSTRAINT "campaign_leads_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_call_id_fkey" FOREIGN KEY ("call_id") REFERENCES "calls"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A lead has at most one call that is not over.
CREATE UNIQUE INDEX "calls_active" ON "calls"("lead_id") WHERE "status" IN ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS');
