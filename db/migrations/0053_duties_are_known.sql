-- The policy names duties, whose members answer for what is theirs as people do.
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "policy" FOR EACH STATEMENT EXECUTE FUNCTION count_people_change();
