-- CreateTable
CREATE TABLE "statement_counts" (
    "process_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,
    "statements" BIGINT NOT NULL,
    "slow" BIGINT NOT NULL,
    "total_ms" DOUBLE PRECISION NOT NULL,
    "buckets" INTEGER[],

    CONSTRAINT "statement_counts_pkey" PRIMARY KEY ("process_id","hour")
);

-- CreateTable
CREATE TABLE "slow_statements" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" DOUBLE PRECISION NOT NULL,
    "sql" TEXT NOT NULL,
    "operation_name" TEXT,

    CONSTRAINT "slow_statements_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "statement_counts_stored_at_idx" ON "statement_counts"("stored_at");

-- CreateIndex
CREATE INDEX "slow_statements_at_idx" ON "slow_statements"("at");

-- CreateIndex
CREATE INDEX "slow_statements_duration_ms_idx" ON "slow_statements"("duration_ms");
