-- AlterEnum
ALTER TYPE "job_kind" ADD VALUE 'RENDER_CLIP';
