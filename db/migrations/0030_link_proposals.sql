CREATE TABLE "link_proposal" (
	"channel" text NOT NULL,
	"platform_user_id" text NOT NULL,
	"person_code" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "link_proposal_channel_platform_user_id_pk" PRIMARY KEY("channel","platform_user_id")
);
--> statement-breakpoint
ALTER TABLE "link_proposal" ADD CONSTRAINT "link_proposal_person_code_person_code_fk" FOREIGN KEY ("person_code") REFERENCES "public"."person"("code") ON DELETE no action ON UPDATE no action;