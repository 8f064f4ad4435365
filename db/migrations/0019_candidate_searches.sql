CREATE TABLE "candidate_search" (
	"id" serial PRIMARY KEY NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	"tags" integer,
	"open" integer
);
