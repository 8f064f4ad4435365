ALTER TABLE "preference" ADD COLUMN "group_code" text;--> statement-breakpoint
ALTER TABLE "preference" ADD COLUMN "mention" boolean DEFAULT true NOT NULL;