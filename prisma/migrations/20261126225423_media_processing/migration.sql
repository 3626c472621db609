-- AlterTable
ALTER TABLE "media_files" ADD COLUMN     "details" JSONB;

-- CreateTable
CREATE TABLE "heard_pieces" (
    "file_id" UUID NOT NULL,
    "transcriber" TEXT NOT NULL,
    "first_sample" INTEGER NOT NULL,
    "end_sample" INTEGER NOT NULL,
    "heard" JSONB NOT NULL,

    CONSTRAINT "heard_pieces_pkey" PRIMARY KEY ("file_id","transcriber","first_sample","end_sample")
);

-- AddForeignKey
ALTER TABLE "heard_pieces" ADD CONSTRAINT "heard_pieces_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "media_files"("id") ON DELETE CASCADE ON UPDATE CASCADE;
