-- Every row is written again once, when its outcome is known: into the room left beside it, with no entry of the index
-- to write, at less than half the cost.
ALTER TABLE "fix_item" SET (fillfactor = 50);
