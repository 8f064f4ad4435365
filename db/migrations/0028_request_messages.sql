CREATE TABLE "request_message" (
	"id" serial PRIMARY KEY NOT NULL,
	"request_id" integer NOT NULL,
	"person_code" text NOT NULL,
	"kind" text NOT NULL,
	"question_id" integer,
	"text" text NOT NULL,
	"written_at" timestamp with time zone NOT NULL,
	CONSTRAINT "request_message_questionId_unique" UNIQUE("question_id")
);
--> statement-breakpoint
ALTER TABLE "request_message" ADD CONSTRAINT "request_message_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "request_message_request_id_index" ON "request_message" USING btree ("request_id");