ALTER TABLE "person" ADD COLUMN "oidc_subject" text;--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_oidcSubject_unique" UNIQUE("oidc_subject");