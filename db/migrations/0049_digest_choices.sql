ALTER TABLE "preference" ADD COLUMN "digest" text;--> statement-breakpoint
ALTER TABLE "preference" ADD COLUMN "digest_content" text DEFAULT 'full' NOT NULL;