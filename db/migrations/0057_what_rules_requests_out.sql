ALTER TABLE "request" ADD COLUMN "begun_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "request_begun_at_index" ON "request" USING btree ("begun_at");--> statement-breakpoint
CREATE INDEX "request_words" ON "request" USING gin (jsonb_path_query_array("proposal", '$.** ? (@.type() == "string")'));