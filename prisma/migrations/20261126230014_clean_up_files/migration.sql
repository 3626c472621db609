-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'CLEAN_UP_FILES';
