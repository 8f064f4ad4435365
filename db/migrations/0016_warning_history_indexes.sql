CREATE INDEX "warning_closed_at_index" ON "warning" USING btree ("closed_at");--> statement-breakpoint
CREATE INDEX "warning_fingerprint_index" ON "warning" USING btree ("fingerprint");