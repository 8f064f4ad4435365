CREATE TABLE "attempt" (
	"key_hash" text PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX "attempt_started_at_index" ON "attempt" USING btree ("started_at");