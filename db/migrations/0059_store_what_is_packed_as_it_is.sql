-- Compressing what is packed already costs more than it saves; what is read once and thrown away too.
ALTER TABLE "pair_part" ALTER COLUMN "pairs" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "scan_population" ALTER COLUMN "counts" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "due_customer" ALTER COLUMN "customer_ids" SET STORAGE EXTERNAL;--> statement-breakpoint
-- A scan looks at what it found before it is reconciled; how many there are is all that the plan depends on.
ALTER TABLE "scan_finding" ALTER COLUMN "scan_id" SET STATISTICS 10;--> statement-breakpoint
ALTER TABLE "scan_finding" ALTER COLUMN "shard" SET STATISTICS 10;--> statement-breakpoint
ALTER TABLE "scan_finding" ALTER COLUMN "rule_id" SET STATISTICS 10;--> statement-breakpoint
ALTER TABLE "scan_finding" ALTER COLUMN "customer_id" SET STATISTICS 10;--> statement-breakpoint
ALTER TABLE "scan_finding" ALTER COLUMN "first_tag_id" SET STATISTICS 10;--> statement-breakpoint
ALTER TABLE "scan_finding" ALTER COLUMN "second_tag_id" SET STATISTICS 10;
