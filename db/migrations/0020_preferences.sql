CREATE TABLE "preference" (
	"person_code" text PRIMARY KEY NOT NULL,
	"locale" text,
	"quiet_hours" jsonb,
	"warnings_go_to" text NOT NULL,
	"mention" boolean NOT NULL,
	"email" boolean NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "urgent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "preference" ADD CONSTRAINT "preference_person_code_person_code_fk" FOREIGN KEY ("person_code") REFERENCES "public"."person"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "preference" FOR EACH STATEMENT EXECUTE FUNCTION count_people_change();
--> statement-breakpoint
CREATE FUNCTION quiet_people(at timestamptz) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT person_code FROM (
		SELECT preference.person_code, preference.quiet_hours -> 'days' AS days,
			(preference.quiet_hours ->> 'fromMinute')::int AS from_minute,
			(preference.quiet_hours ->> 'untilMinute')::int AS until_minute,
			extract(isodow FROM local.at)::int AS today,
			(extract(hour FROM local.at) * 60 + extract(minute FROM local.at))::int AS minute
		FROM preference
		JOIN person ON person.code = preference.person_code
		CROSS JOIN LATERAL (SELECT $1 AT TIME ZONE person.time_zone AS at) AS local
		WHERE preference.quiet_hours IS NOT NULL
	) AS now
	WHERE CASE WHEN from_minute < until_minute
		THEN days @> to_jsonb(today) AND minute >= from_minute AND minute < until_minute
		ELSE (days @> to_jsonb(today) AND minute >= from_minute)
			OR (days @> to_jsonb((today + 5) % 7 + 1) AND minute < until_minute)
	END
$$;
