DROP INDEX "request_words";--> statement-breakpoint
CREATE INDEX "request_words" ON "request" USING gin (jsonb_path_query_array("proposal", '$.** ? (@.type() == "string")')) WITH (fastupdate=false);