CREATE TABLE "assessment_report" (
	"id" serial PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"month" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "assessment_report_once" UNIQUE("person_code","month")
);
