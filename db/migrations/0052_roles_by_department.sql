ALTER TABLE "tag" ADD COLUMN "seen_by_department_codes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "department" ADD COLUMN "parent_code" text;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "departments_above" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "department_grants" jsonb DEFAULT '[]'::jsonb NOT NULL;