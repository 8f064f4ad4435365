ALTER TABLE "scan" ADD COLUMN "reconciled_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "exception_rule_id_customer_id_index" ON "exception" USING btree ("rule_id","customer_id");--> statement-breakpoint
CREATE INDEX "finding_ungrouped" ON "finding" USING btree ("rule_id","first_tag_id") WHERE state = 'open' and warning_id is null;