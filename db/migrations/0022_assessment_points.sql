CREATE TABLE "assessment_point" (
	"id" serial PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"cause" text NOT NULL,
	"points" smallint NOT NULL,
	"warning_id" integer NOT NULL,
	"rule_code" text NOT NULL,
	"severity" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"state_body" jsonb NOT NULL,
	CONSTRAINT "assessment_point_once" UNIQUE("warning_id","cause","at")
);
--> statement-breakpoint
CREATE INDEX "assessment_point_at_index" ON "assessment_point" USING btree ("at");--> statement-breakpoint
CREATE INDEX "assessment_point_person_code_at_index" ON "assessment_point" USING btree ("person_code","at");