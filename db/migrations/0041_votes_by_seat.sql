ALTER TABLE "request" ADD COLUMN "terms" jsonb;--> statement-breakpoint
ALTER TABLE "vote" ADD COLUMN "in_place_of" text;