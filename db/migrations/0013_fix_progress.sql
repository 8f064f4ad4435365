DROP INDEX "fix_item_fix_id_outcome_index";--> statement-breakpoint
ALTER TABLE "fix_item" DROP CONSTRAINT "fix_item_fix_id_customer_id_source_id_pk";--> statement-breakpoint
ALTER TABLE "fix_item" ADD CONSTRAINT "fix_item_fix_id_source_id_customer_id_pk" PRIMARY KEY("fix_id","source_id","customer_id");--> statement-breakpoint
ALTER TABLE "fix" ADD COLUMN "begun_source_id" smallint;--> statement-breakpoint
ALTER TABLE "fix" ADD COLUMN "begun_through_id" bigint;--> statement-breakpoint
UPDATE "fix" SET "begun_source_id" = "begun"."source_id", "begun_through_id" = "begun"."through_id"
FROM (
  SELECT "fix_id", min("source_id") AS "source_id", max("customer_id") AS "through_id" FROM "fix_item"
  WHERE 'writing' IN ("outcome", "undo_outcome") GROUP BY "fix_id"
) "begun" WHERE "fix"."id" = "begun"."fix_id";--> statement-breakpoint
UPDATE "fix_item" SET "outcome" = 'pending' WHERE "outcome" = 'writing';--> statement-breakpoint
UPDATE "fix_item" SET "undo_outcome" = 'pending' WHERE "undo_outcome" = 'writing';
