CREATE TABLE "tag_import" (
	"id" serial PRIMARY KEY NOT NULL,
	"brought_by" text NOT NULL,
	"brought_at" timestamp with time zone NOT NULL,
	"file_name" text NOT NULL,
	"origin" jsonb NOT NULL,
	"cells" text NOT NULL,
	"reading" jsonb NOT NULL,
	"outcome" jsonb,
	"report" text
);
--> statement-breakpoint
ALTER TABLE "tag_version" ADD COLUMN "through" text DEFAULT 'system' NOT NULL;--> statement-breakpoint
ALTER TABLE "tag_version" ADD COLUMN "note" text;