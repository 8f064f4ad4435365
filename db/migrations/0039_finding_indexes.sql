DROP INDEX "finding_warning_id_index";--> statement-breakpoint
DROP INDEX "finding_customer_id_index";--> statement-breakpoint
DROP INDEX "finding_present";--> statement-breakpoint
CREATE INDEX "finding_past" ON "finding" USING btree ("customer_id") WHERE state = 'gone';--> statement-breakpoint
CREATE INDEX "finding_in_warning" ON "finding" USING btree ("warning_id") WHERE warning_id is not null;--> statement-breakpoint
CREATE INDEX "finding_excepted" ON "finding" USING btree ("rule_id") WHERE state = 'excepted';--> statement-breakpoint
CREATE UNIQUE INDEX "finding_present" ON "finding" USING btree ("customer_id","rule_id","first_tag_id","second_tag_id") WHERE state <> 'gone';