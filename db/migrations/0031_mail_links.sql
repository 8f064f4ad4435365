CREATE TABLE "mail_link" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"purpose" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "mail_link_expires_at_index" ON "mail_link" USING btree ("expires_at");