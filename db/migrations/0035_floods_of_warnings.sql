CREATE TABLE "flood" (
	"id" serial PRIMARY KEY NOT NULL,
	"owner_code" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "warning" ADD COLUMN "flood_id" integer;--> statement-breakpoint
CREATE INDEX "warning_flood_id_index" ON "warning" USING btree ("flood_id") WHERE flood_id is not null;