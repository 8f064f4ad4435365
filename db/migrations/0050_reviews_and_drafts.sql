CREATE TABLE "request_draft" (
	"id" serial PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"kind" text NOT NULL,
	"fields" jsonb NOT NULL,
	"saved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tag_review_item" (
	"review_id" integer NOT NULL,
	"tag_code" text NOT NULL,
	"owner_code" text NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "tag_review_item_review_id_tag_code_pk" PRIMARY KEY("review_id","tag_code")
);
--> statement-breakpoint
CREATE TABLE "tag_review" (
	"id" serial PRIMARY KEY NOT NULL,
	"started_by" text,
	"workflow_id" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"request_ids" jsonb NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "tag_review_workflowId_unique" UNIQUE("workflow_id")
);
--> statement-breakpoint
ALTER TABLE "tag_review_item" ADD CONSTRAINT "tag_review_item_review_id_tag_review_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."tag_review"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "request_draft_person_code_index" ON "request_draft" USING btree ("person_code");