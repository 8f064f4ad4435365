ALTER TABLE "preference" DROP COLUMN "warnings_go_to";--> statement-breakpoint
ALTER TABLE "preference" DROP COLUMN "mention";