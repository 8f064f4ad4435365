ALTER TABLE "delivery" ADD COLUMN "rank" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "queued_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "retry_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "asked" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "posted_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "delivery_queue" ON "delivery" USING btree ("channel","recipient_code","rank","queued_at") WHERE queued_at is not null;--> statement-breakpoint
UPDATE "delivery" SET "queued_at" = "created_at" WHERE "state" IN ('pending', 'posting');--> statement-breakpoint
UPDATE "delivery" SET "posted_at" = "updated_at" WHERE "state" = 'posted';
