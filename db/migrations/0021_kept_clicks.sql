ALTER TABLE "inbound_event" ADD COLUMN "position" bigserial NOT NULL;--> statement-breakpoint
ALTER TABLE "inbound_event" ADD COLUMN "lane" text;--> statement-breakpoint
ALTER TABLE "inbound_event" ADD COLUMN "work" text;--> statement-breakpoint
ALTER TABLE "inbound_event" ADD COLUMN "free_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "inbound_event" ADD COLUMN "tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "inbound_event" ADD COLUMN "made_id" text;--> statement-breakpoint
CREATE INDEX "inbound_event_waiting" ON "inbound_event" USING btree ("channel","lane","position") WHERE work is not null;