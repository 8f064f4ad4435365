CREATE TABLE "warning_note" (
	"id" serial PRIMARY KEY NOT NULL,
	"warning_id" integer NOT NULL,
	"person_code" text NOT NULL,
	"text" text NOT NULL,
	"written_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "fix" ADD COLUMN "plan_key" text NOT NULL;--> statement-breakpoint
ALTER TABLE "fix" ADD COLUMN "writer_token" text;--> statement-breakpoint
ALTER TABLE "warning_note" ADD CONSTRAINT "warning_note_warning_id_warning_id_fk" FOREIGN KEY ("warning_id") REFERENCES "public"."warning"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fix" ADD CONSTRAINT "fix_planKey_unique" UNIQUE("plan_key");