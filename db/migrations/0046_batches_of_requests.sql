ALTER TABLE "request" ADD COLUMN "batch_id" integer;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "batch_index" smallint;--> statement-breakpoint
CREATE UNIQUE INDEX "request_batch_item" ON "request" USING btree ("batch_id","batch_index");