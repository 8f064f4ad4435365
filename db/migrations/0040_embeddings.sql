CREATE TABLE "embedding" (
	"model" text NOT NULL,
	"text_hash" text NOT NULL,
	"vector" "bytea" NOT NULL,
	CONSTRAINT "embedding_model_text_hash_pk" PRIMARY KEY("model","text_hash")
);
