CREATE SEQUENCE "public"."tag_id" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "api_token" (
	"id" serial PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"person_code" text NOT NULL,
	"name" text NOT NULL,
	"roles" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_token_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "audit_row" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_code" text,
	"through" text NOT NULL,
	"action" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "digest" (
	"id" serial PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_link" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" integer NOT NULL,
	"purpose" text NOT NULL,
	"channel" text NOT NULL,
	"recipient_code" text NOT NULL,
	"state" text NOT NULL,
	"message" jsonb,
	"shown_version" integer,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "delivery_once" UNIQUE("subject_kind","subject_id","purpose","channel","recipient_code")
);
--> statement-breakpoint
CREATE TABLE "inbound_event" (
	"channel" text NOT NULL,
	"event_key" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "inbound_event_channel_event_key_pk" PRIMARY KEY("channel","event_key")
);
--> statement-breakpoint
CREATE TABLE "inbox_item" (
	"delivery_id" uuid PRIMARY KEY NOT NULL,
	"person_code" text NOT NULL,
	"card" jsonb NOT NULL,
	"posted_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attribute" (
	"code" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"name" jsonb NOT NULL,
	"slot" smallint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"body" jsonb NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "relation" (
	"kind" text NOT NULL,
	"from_code" text NOT NULL,
	"to_code" text NOT NULL,
	CONSTRAINT "relation_kind_from_code_to_code_pk" PRIMARY KEY("kind","from_code","to_code")
);
--> statement-breakpoint
CREATE TABLE "rule" (
	"id" serial PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"kind" text NOT NULL,
	"enabled" boolean NOT NULL,
	"body" jsonb NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "rule_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "source" (
	"id" "smallserial" PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"body" jsonb NOT NULL,
	"cursor" text,
	"read_at" timestamp with time zone,
	CONSTRAINT "source_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "tag_version" (
	"tag_code" text NOT NULL,
	"version" integer NOT NULL,
	"body" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "tag_version_tag_code_version_pk" PRIMARY KEY("tag_code","version")
);
--> statement-breakpoint
CREATE TABLE "tag" (
	"id" integer PRIMARY KEY DEFAULT nextval('tag_id') NOT NULL,
	"code" text NOT NULL,
	"name" jsonb NOT NULL,
	"definition" jsonb NOT NULL,
	"level" text NOT NULL,
	"category" text NOT NULL,
	"parent_code" text,
	"department_codes" jsonb NOT NULL,
	"owner_code" text NOT NULL,
	"status" text NOT NULL,
	"life_days" integer,
	"successor_code" text,
	"confirm_every_days" integer,
	"criteria" jsonb,
	"sensitive" boolean NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "tag_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "assignment_change" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source_id" smallint NOT NULL,
	"customer_id" bigint NOT NULL,
	"tag_id" integer NOT NULL,
	"change" text NOT NULL,
	"actor_id" integer NOT NULL,
	"import_id" integer NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mirror_actor" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "mirror_actor_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "mirror_customer" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"name" text NOT NULL,
	"numbers" double precision[] NOT NULL,
	"texts" text[] NOT NULL,
	"tag_ids" integer[] NOT NULL,
	"since_seconds" bigint[] NOT NULL,
	"actor_ids" integer[] NOT NULL,
	"source_ids" smallint[] NOT NULL,
	"import_ids" integer[] NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	CONSTRAINT "mirror_customer_ref_unique" UNIQUE("ref")
);
--> statement-breakpoint
CREATE TABLE "mirror_import" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "mirror_import_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "mirror_tag" (
	"source_id" smallint NOT NULL,
	"tag_ref" text NOT NULL,
	"name" text NOT NULL,
	"tag_id" integer NOT NULL,
	CONSTRAINT "mirror_tag_sourceId_tagRef_unique" UNIQUE("source_id","tag_ref")
);
--> statement-breakpoint
CREATE TABLE "calendar" (
	"code" text PRIMARY KEY NOT NULL,
	"body" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "department" (
	"code" text PRIMARY KEY NOT NULL,
	"name" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"code" text PRIMARY KEY NOT NULL,
	"name" jsonb NOT NULL,
	"email" text,
	"department_code" text NOT NULL,
	"roles" jsonb NOT NULL,
	"manager_code" text,
	"second_line_code" text,
	"deputy_code" text,
	"locale" text NOT NULL,
	"time_zone" text NOT NULL,
	"calendar_code" text NOT NULL,
	"slack_user_id" text,
	"feishu_open_id" text,
	"channels" jsonb NOT NULL,
	"absences" jsonb NOT NULL,
	"status" text NOT NULL,
	CONSTRAINT "person_email_unique" UNIQUE("email"),
	CONSTRAINT "person_slackUserId_unique" UNIQUE("slack_user_id"),
	CONSTRAINT "person_feishuOpenId_unique" UNIQUE("feishu_open_id")
);
--> statement-breakpoint
CREATE TABLE "exception" (
	"id" serial PRIMARY KEY NOT NULL,
	"rule_id" integer NOT NULL,
	"first_tag_id" integer,
	"second_tag_id" integer,
	"customer_id" bigint,
	"reason" text NOT NULL,
	"granted_by" text NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"warning_id" integer,
	"request_id" integer
);
--> statement-breakpoint
CREATE TABLE "finding" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"rule_id" integer NOT NULL,
	"customer_id" bigint NOT NULL,
	"first_tag_id" integer NOT NULL,
	"second_tag_id" integer NOT NULL,
	"state" text NOT NULL,
	"warning_id" integer,
	"first_scan_id" integer NOT NULL,
	"last_scan_id" integer NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"gone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "scan_finding" (
	"scan_id" integer NOT NULL,
	"shard" integer NOT NULL,
	"rule_id" integer NOT NULL,
	"customer_id" bigint NOT NULL,
	"first_tag_id" integer NOT NULL,
	"second_tag_id" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scan_shard" (
	"scan_id" integer NOT NULL,
	"shard" integer NOT NULL,
	"from_id" bigint NOT NULL,
	"until_id" bigint NOT NULL,
	"done_at" timestamp with time zone,
	"customers" bigint DEFAULT 0 NOT NULL,
	"assignments" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "scan_shard_scan_id_shard_pk" PRIMARY KEY("scan_id","shard")
);
--> statement-breakpoint
CREATE TABLE "scan" (
	"id" serial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"requested_by" text,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"customers" bigint DEFAULT 0 NOT NULL,
	"assignments" bigint DEFAULT 0 NOT NULL,
	"findings_open" bigint DEFAULT 0 NOT NULL,
	"findings_new" bigint DEFAULT 0 NOT NULL,
	"findings_gone" bigint DEFAULT 0 NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "tag_count" (
	"tag_id" integer PRIMARY KEY NOT NULL,
	"customers" bigint NOT NULL,
	"scan_id" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fix_item" (
	"fix_id" integer NOT NULL,
	"customer_id" bigint NOT NULL,
	"source_id" smallint NOT NULL,
	"before_tag_ids" integer[] NOT NULL,
	"after_tag_ids" integer[] NOT NULL,
	"outcome" text NOT NULL,
	"detail" text,
	"undo_outcome" text,
	"undo_detail" text,
	CONSTRAINT "fix_item_fix_id_customer_id_source_id_pk" PRIMARY KEY("fix_id","customer_id","source_id")
);
--> statement-breakpoint
CREATE TABLE "fix" (
	"id" serial PRIMARY KEY NOT NULL,
	"warning_id" integer,
	"request_id" integer,
	"choice" jsonb,
	"state" text NOT NULL,
	"requested_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"written_at" timestamp with time zone,
	"undo_until" timestamp with time zone,
	"undone_by" text,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "request" (
	"id" serial PRIMARY KEY NOT NULL,
	"proposal" jsonb NOT NULL,
	"requester_code" text NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"state_body" jsonb NOT NULL,
	"member_codes" jsonb NOT NULL,
	"quorum" smallint NOT NULL,
	"veto_codes" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vote" (
	"request_id" integer NOT NULL,
	"person_code" text NOT NULL,
	"ballot" text NOT NULL,
	"comment" text NOT NULL,
	"voted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "vote_request_id_person_code_pk" PRIMARY KEY("request_id","person_code")
);
--> statement-breakpoint
CREATE TABLE "warning" (
	"id" serial PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL,
	"rule_id" integer NOT NULL,
	"rule_code" text NOT NULL,
	"severity" text NOT NULL,
	"owner_code" text NOT NULL,
	"second_line_code" text,
	"manager_code" text,
	"state" text NOT NULL,
	"state_body" jsonb NOT NULL,
	"level" smallint NOT NULL,
	"snoozed_until" timestamp with time zone,
	"snoozes" smallint NOT NULL,
	"customers" integer NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"claim_due_at" timestamp with time zone NOT NULL,
	"close_due_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "inbox_item" ADD CONSTRAINT "inbox_item_delivery_id_delivery_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."delivery"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mirror_tag" ADD CONSTRAINT "mirror_tag_source_id_source_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."source"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_calendar_code_calendar_code_fk" FOREIGN KEY ("calendar_code") REFERENCES "public"."calendar"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scan_shard" ADD CONSTRAINT "scan_shard_scan_id_scan_id_fk" FOREIGN KEY ("scan_id") REFERENCES "public"."scan"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fix_item" ADD CONSTRAINT "fix_item_fix_id_fix_id_fk" FOREIGN KEY ("fix_id") REFERENCES "public"."fix"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vote" ADD CONSTRAINT "vote_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_row_subject_kind_subject_id_index" ON "audit_row" USING btree ("subject_kind","subject_id");--> statement-breakpoint
CREATE INDEX "digest_person_code_index" ON "digest" USING btree ("person_code");--> statement-breakpoint
CREATE INDEX "delivery_state_index" ON "delivery" USING btree ("state");--> statement-breakpoint
CREATE INDEX "inbound_event_received_at_index" ON "inbound_event" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "inbox_item_person_code_index" ON "inbox_item" USING btree ("person_code");--> statement-breakpoint
CREATE INDEX "assignment_change_customer_id_index" ON "assignment_change" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "mirror_customer_changed_at_index" ON "mirror_customer" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "mirror_customer_due_at_index" ON "mirror_customer" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "mirror_tag_tag_id_index" ON "mirror_tag" USING btree ("tag_id");--> statement-breakpoint
CREATE UNIQUE INDEX "finding_present" ON "finding" USING btree ("rule_id","customer_id","first_tag_id","second_tag_id") WHERE state <> 'gone';--> statement-breakpoint
CREATE INDEX "finding_warning_id_index" ON "finding" USING btree ("warning_id");--> statement-breakpoint
CREATE INDEX "finding_customer_id_index" ON "finding" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "scan_finding_scan_id_shard_index" ON "scan_finding" USING btree ("scan_id","shard");--> statement-breakpoint
CREATE INDEX "fix_item_fix_id_outcome_index" ON "fix_item" USING btree ("fix_id","outcome");--> statement-breakpoint
CREATE INDEX "request_state_index" ON "request" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "warning_open" ON "warning" USING btree ("fingerprint") WHERE state <> 'closed';--> statement-breakpoint
CREATE INDEX "warning_owner_code_state_index" ON "warning" USING btree ("owner_code","state");--> statement-breakpoint
CREATE INDEX "warning_opened_at_index" ON "warning" USING btree ("opened_at");