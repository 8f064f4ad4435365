ALTER TABLE "warning" ADD COLUMN "escalations" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "warning" ADD COLUMN "duty_code" text;--> statement-breakpoint
UPDATE "warning" SET "escalations" =
  (CASE WHEN "level" >= 1 AND "second_line_code" IS NOT NULL THEN jsonb_build_array(jsonb_build_object('to', jsonb_build_object('kind', 'second-line'), 'personCodes', jsonb_build_array("second_line_code"), 'atMs', floor(extract(epoch FROM "claim_due_at") * 1000))) ELSE '[]'::jsonb END)
  || (CASE WHEN "level" >= 2 AND "manager_code" IS NOT NULL THEN jsonb_build_array(jsonb_build_object('to', jsonb_build_object('kind', 'manager'), 'personCodes', jsonb_build_array("manager_code"), 'atMs', floor(extract(epoch FROM "close_due_at") * 1000))) ELSE '[]'::jsonb END)
WHERE "level" > 0;
