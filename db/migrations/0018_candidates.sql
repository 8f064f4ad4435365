CREATE TABLE "candidate" (
	"id" serial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"first_tag_id" integer NOT NULL,
	"second_tag_id" integer NOT NULL,
	"score" real NOT NULL,
	"reasons" jsonb NOT NULL,
	"state" text NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"ask_again_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "candidate_subject" ON "candidate" USING btree ("kind","first_tag_id","second_tag_id");--> statement-breakpoint
CREATE INDEX "candidate_queue" ON "candidate" USING btree ("state","kind","score");