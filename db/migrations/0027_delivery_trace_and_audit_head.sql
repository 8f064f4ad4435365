CREATE TABLE "audit_head" (
	"id" smallint PRIMARY KEY NOT NULL,
	"last_row_id" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "trace" text;--> statement-breakpoint
INSERT INTO "audit_head" ("id", "last_row_id", "hash") SELECT 1, "id", "hash" FROM "audit_row" ORDER BY "id" DESC LIMIT 1;
--> statement-breakpoint
-- By a trigger, so that a worker of an older version that still runs moves the end on too.
CREATE FUNCTION audit_head_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_head (id, last_row_id, hash) VALUES (1, NEW.id, NEW.hash)
  ON CONFLICT (id) DO UPDATE SET last_row_id = EXCLUDED.last_row_id, hash = EXCLUDED.hash;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_head_follow AFTER INSERT ON audit_row
  FOR EACH ROW EXECUTE FUNCTION audit_head_follow();
