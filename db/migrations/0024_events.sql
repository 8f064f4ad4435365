CREATE TABLE "event_cursor" (
	"name" text PRIMARY KEY NOT NULL,
	"through_audit_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event" (
	"id" serial PRIMARY KEY NOT NULL,
	"key" uuid DEFAULT gen_random_uuid() NOT NULL,
	"origin" text NOT NULL,
	"body" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "event_key_unique" UNIQUE("key"),
	CONSTRAINT "event_origin_unique" UNIQUE("origin")
);
