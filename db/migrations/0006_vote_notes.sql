CREATE TABLE "vote_note" (
	"id" serial PRIMARY KEY NOT NULL,
	"request_id" integer NOT NULL,
	"person_code" text NOT NULL,
	"text" text NOT NULL,
	"written_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "vote_note" ADD CONSTRAINT "vote_note_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;