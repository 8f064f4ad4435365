ALTER TABLE "department" ADD COLUMN "calendar_code" text;--> statement-breakpoint
ALTER TABLE "warning" ADD COLUMN "pause" jsonb;--> statement-breakpoint
ALTER TABLE "department" ADD CONSTRAINT "department_calendar_code_calendar_code_fk" FOREIGN KEY ("calendar_code") REFERENCES "public"."calendar"("code") ON DELETE no action ON UPDATE no action;