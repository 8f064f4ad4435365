CREATE TABLE "departed_customer" (
	"customer_id" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pair_part" (
	"scan_id" integer NOT NULL,
	"part" integer NOT NULL,
	"pairs" "bytea" NOT NULL,
	"is_counted" boolean NOT NULL,
	CONSTRAINT "pair_part_scan_id_part_pk" PRIMARY KEY("scan_id","part")
);
--> statement-breakpoint
DROP TABLE "pair_count" CASCADE;--> statement-breakpoint
-- The parts are packed already.
ALTER TABLE "pair_part" ALTER COLUMN "pairs" SET STORAGE EXTERNAL;
--> statement-breakpoint
-- The pairs that were counted went with their table: the next scan counts everything.
DELETE FROM "population_base";
--> statement-breakpoint
INSERT INTO "departed_customer" ("customer_id")
SELECT DISTINCT f."customer_id" FROM "finding" f WHERE f."state" <> 'gone' AND f."customer_id" > 0
	AND NOT EXISTS (SELECT FROM "mirror_customer" m WHERE m."id" = f."customer_id");
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keep_tags_before_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		INSERT INTO "population_change" ("customer_id", "tag_ids", "source_ids", "import_ids")
		SELECT o."id", o."tag_ids", o."source_ids", o."import_ids" FROM old_customer o;
		INSERT INTO "departed_customer" ("customer_id") SELECT o."id" FROM old_customer o;
	ELSE
		INSERT INTO "population_change" ("customer_id", "tag_ids", "source_ids", "import_ids")
		SELECT o."id", o."tag_ids", o."source_ids", o."import_ids"
		FROM old_customer o JOIN new_customer n ON n."id" = o."id"
		WHERE n."tag_ids" <> o."tag_ids" OR n."source_ids" <> o."source_ids" OR n."import_ids" <> o."import_ids";
	END IF;
	RETURN NULL;
END
$$;
