CREATE TABLE "dictionary_version" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "due_customer" (
	"scan_id" integer NOT NULL,
	"shard" integer NOT NULL,
	"due_hour" timestamp with time zone NOT NULL,
	"customer_ids" bigint[] NOT NULL,
	CONSTRAINT "due_customer_scan_id_shard_due_hour_pk" PRIMARY KEY("scan_id","shard","due_hour")
);
--> statement-breakpoint
CREATE TABLE "scan_scope" (
	"scan_id" integer NOT NULL,
	"customer_id" bigint NOT NULL,
	CONSTRAINT "scan_scope_scan_id_customer_id_pk" PRIMARY KEY("scan_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "scan_tag_count" (
	"scan_id" integer NOT NULL,
	"shard" integer NOT NULL,
	"tag_id" integer NOT NULL,
	"customers" bigint NOT NULL,
	CONSTRAINT "scan_tag_count_scan_id_shard_tag_id_pk" PRIMARY KEY("scan_id","shard","tag_id")
);
--> statement-breakpoint
DROP INDEX "mirror_customer_due_at_index";--> statement-breakpoint
ALTER TABLE "scan" ADD COLUMN "run_id" text;--> statement-breakpoint
ALTER TABLE "scan" ADD COLUMN "dictionary_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "scan" ADD COLUMN "covers_all" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "due_customer_due_hour_index" ON "due_customer" USING btree ("due_hour");--> statement-breakpoint
ALTER TABLE "mirror_customer" DROP COLUMN "due_at";--> statement-breakpoint
ALTER TABLE "scan" ADD CONSTRAINT "scan_runId_unique" UNIQUE("run_id");