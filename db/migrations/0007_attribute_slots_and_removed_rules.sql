CREATE TABLE "attribute_slot" (
	"holder" text NOT NULL,
	"slot" smallint NOT NULL,
	"attribute_code" text NOT NULL,
	"type" text NOT NULL,
	CONSTRAINT "attribute_slot_holder_slot_pk" PRIMARY KEY("holder","slot")
);
--> statement-breakpoint
ALTER TABLE "rule" ADD COLUMN "removed" boolean DEFAULT false NOT NULL;