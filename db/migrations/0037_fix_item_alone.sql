ALTER TABLE "fix_item" DROP CONSTRAINT "fix_item_fix_id_fix_id_fk";
