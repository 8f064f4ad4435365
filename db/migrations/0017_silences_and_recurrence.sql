CREATE TABLE "silence" (
	"id" serial PRIMARY KEY NOT NULL,
	"rule_code" text,
	"tag_code" text,
	"severity" text,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"ended_by" text,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "warning" ADD COLUMN "previous_id" integer;--> statement-breakpoint
ALTER TABLE "warning" ADD COLUMN "recurrences" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "silence_until_at_index" ON "silence" USING btree ("until_at");