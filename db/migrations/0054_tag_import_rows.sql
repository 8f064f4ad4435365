CREATE TABLE "tag_import_row" (
	"import_id" integer NOT NULL,
	"row" integer NOT NULL,
	"kind" text NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "tag_import_row_import_id_row_pk" PRIMARY KEY("import_id","row")
);
--> statement-breakpoint
ALTER TABLE "tag_import" ADD COLUMN "headings" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tag_import" ADD COLUMN "checked" jsonb;--> statement-breakpoint
ALTER TABLE "tag_import" ADD COLUMN "taking" jsonb;--> statement-breakpoint
ALTER TABLE "tag_import_row" ADD CONSTRAINT "tag_import_row_import_id_tag_import_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."tag_import"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tag_import_row_import_id_kind_row_index" ON "tag_import_row" USING btree ("import_id","kind","row");--> statement-breakpoint
INSERT INTO "tag_import_row" ("import_id", "row", "kind", "body")
SELECT "tag_import"."id", (line.body ->> 'row')::integer, line.body ->> 'kind', line.body
FROM "tag_import", jsonb_array_elements("tag_import"."report"::jsonb) AS line(body)
WHERE "tag_import"."report" IS NOT NULL;--> statement-breakpoint
UPDATE "tag_import" SET "headings" = coalesce((
  SELECT jsonb_agg(jsonb_build_object('header', header, 'example', ''))
  FROM jsonb_array_elements_text("cells"::jsonb -> ("reading" ->> 'headerAt')::integer) AS header
), '[]'::jsonb);--> statement-breakpoint
UPDATE "tag_import" SET "cells" = '[]' WHERE "outcome" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "tag_import" DROP COLUMN "report";
