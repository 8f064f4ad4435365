CREATE TABLE "pair_count" (
	"tag_id" integer PRIMARY KEY NOT NULL,
	"other_tag_ids" integer[] NOT NULL,
	"customers" integer[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "population_base" (
	"from_id" bigint PRIMARY KEY NOT NULL,
	"until_id" bigint NOT NULL,
	"change_id" bigint NOT NULL,
	"last_customer_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "population_change" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"customer_id" bigint NOT NULL,
	"tag_ids" integer[] NOT NULL,
	"source_ids" smallint[] NOT NULL,
	"import_ids" integer[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "population_history" (
	"scan_id" integer PRIMARY KEY NOT NULL,
	"counted_at" timestamp with time zone NOT NULL,
	"customers" bigint NOT NULL,
	"assignments" bigint NOT NULL,
	"tag_ids" integer[] NOT NULL,
	"tag_customers" bigint[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scan_population" (
	"scan_id" integer NOT NULL,
	"shard" integer NOT NULL,
	"counts" "bytea" NOT NULL,
	"change_id" bigint NOT NULL,
	"last_customer_id" bigint NOT NULL,
	CONSTRAINT "scan_population_scan_id_shard_pk" PRIMARY KEY("scan_id","shard")
);
--> statement-breakpoint
CREATE TABLE "tag_import_count" (
	"tag_id" integer NOT NULL,
	"import_id" integer NOT NULL,
	"customers" bigint NOT NULL,
	CONSTRAINT "tag_import_count_tag_id_import_id_pk" PRIMARY KEY("tag_id","import_id")
);
--> statement-breakpoint
CREATE TABLE "tag_source_count" (
	"tag_id" integer NOT NULL,
	"source_id" smallint NOT NULL,
	"customers" bigint NOT NULL,
	CONSTRAINT "tag_source_count_tag_id_source_id_pk" PRIMARY KEY("tag_id","source_id")
);
--> statement-breakpoint
CREATE INDEX "population_change_customer_id_id_index" ON "population_change" USING btree ("customer_id","id");--> statement-breakpoint
CREATE INDEX "population_history_counted_at_index" ON "population_history" USING btree ("counted_at");--> statement-breakpoint
CREATE INDEX "tag_import_count_import_id_index" ON "tag_import_count" USING btree ("import_id");--> statement-breakpoint
CREATE FUNCTION keep_tags_before_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		INSERT INTO "population_change" ("customer_id", "tag_ids", "source_ids", "import_ids")
		SELECT o."id", o."tag_ids", o."source_ids", o."import_ids" FROM old_customer o;
	ELSE
		INSERT INTO "population_change" ("customer_id", "tag_ids", "source_ids", "import_ids")
		SELECT o."id", o."tag_ids", o."source_ids", o."import_ids"
		FROM old_customer o JOIN new_customer n ON n."id" = o."id"
		WHERE n."tag_ids" <> o."tag_ids" OR n."source_ids" <> o."source_ids" OR n."import_ids" <> o."import_ids";
	END IF;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER keep_tags_before_update AFTER UPDATE ON "mirror_customer" REFERENCING OLD TABLE AS old_customer NEW TABLE AS new_customer FOR EACH STATEMENT EXECUTE FUNCTION keep_tags_before_change();
--> statement-breakpoint
CREATE TRIGGER keep_tags_before_delete AFTER DELETE ON "mirror_customer" REFERENCING OLD TABLE AS old_customer FOR EACH STATEMENT EXECUTE FUNCTION keep_tags_before_change();
