ALTER TABLE "scan_scope" RENAME TO "scan_scope_before";--> statement-breakpoint
ALTER TABLE "scan_scope_before" DROP CONSTRAINT "scan_scope_scan_id_customer_id_pk";--> statement-breakpoint
CREATE TABLE "scan_scope" (
	"scan_id" integer NOT NULL,
	"part" integer NOT NULL,
	"customer_ids" bigint[] NOT NULL,
	CONSTRAINT "scan_scope_scan_id_part_pk" PRIMARY KEY("scan_id","part")
);
--> statement-breakpoint
-- Each shard of a scan under way finds its own; tags, as minus their ids, are of no shard.
INSERT INTO "scan_scope" ("scan_id", "part", "customer_ids")
SELECT c."scan_id", coalesce(h."shard", -1), array_agg(c."customer_id" ORDER BY c."customer_id")
FROM "scan_scope_before" c LEFT JOIN "scan_shard" h
	ON h."scan_id" = c."scan_id" AND c."customer_id" >= h."from_id" AND c."customer_id" < h."until_id"
GROUP BY 1, 2;
--> statement-breakpoint
DROP TABLE "scan_scope_before";--> statement-breakpoint
-- Read once and thrown away: compressing costs more than it saves.
ALTER TABLE "scan_scope" ALTER COLUMN "customer_ids" SET STORAGE EXTERNAL;
