INSERT INTO "dictionary_version" ("id", "version") VALUES (1, 1);
--> statement-breakpoint
CREATE FUNCTION count_dictionary_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "dictionary_version" SET "version" = "version" + 1;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "tag" FOR EACH STATEMENT EXECUTE FUNCTION count_dictionary_change();
--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "relation" FOR EACH STATEMENT EXECUTE FUNCTION count_dictionary_change();
--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "rule" FOR EACH STATEMENT EXECUTE FUNCTION count_dictionary_change();
--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "attribute" FOR EACH STATEMENT EXECUTE FUNCTION count_dictionary_change();
