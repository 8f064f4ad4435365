ALTER TABLE "dictionary_version" ADD COLUMN "people_version" bigint DEFAULT 1 NOT NULL;
--> statement-breakpoint
CREATE FUNCTION count_people_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "dictionary_version" SET "people_version" = "people_version" + 1;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "person" FOR EACH STATEMENT EXECUTE FUNCTION count_people_change();
--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "department" FOR EACH STATEMENT EXECUTE FUNCTION count_people_change();
--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "api_token" FOR EACH STATEMENT EXECUTE FUNCTION count_people_change();
