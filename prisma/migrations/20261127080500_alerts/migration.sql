-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'SEND_ALERT';

-- CreateTable
CREATE TABLE "health_findings" (
    "process_id" UUID NOT NULL,
    "component" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "message" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "health_findings_pkey" PRIMARY KEY ("process_id","component")
);

-- CreateTable
CREATE TABLE "health_alerts" (
    "component" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "message" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "health_alerts_pkey" PRIMARY KEY ("component")
);
