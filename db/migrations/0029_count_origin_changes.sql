-- What findings may rest on beside the dictionary: who a source's names stand for, in which department, and which source is the master of a tag.
CREATE TRIGGER count_origin AFTER INSERT OR DELETE ON "person" FOR EACH STATEMENT EXECUTE FUNCTION count_dictionary_change();
--> statement-breakpoint
CREATE TRIGGER count_origin_change AFTER UPDATE ON "person" FOR EACH ROW
	WHEN ((OLD."code", OLD."name", OLD."email", OLD."department_code") IS DISTINCT FROM (NEW."code", NEW."name", NEW."email", NEW."department_code"))
	EXECUTE FUNCTION count_dictionary_change();
--> statement-breakpoint
CREATE TRIGGER count_origin_change AFTER UPDATE ON "source" FOR EACH ROW
	WHEN (OLD."body" IS DISTINCT FROM NEW."body")
	EXECUTE FUNCTION count_dictionary_change();
