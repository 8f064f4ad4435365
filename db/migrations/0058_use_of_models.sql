CREATE TABLE "model_use" (
	"day" integer NOT NULL,
	"what" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "model_use_day_what_pk" PRIMARY KEY("day","what")
);
