# The control plane and the built client. Build from the root of the repository:
#   docker build -f docker/server.Dockerfile -t varta-server .
FROM node:24-bookworm-slim AS client
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npx vite build

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY config config
COPY server server
COPY verify verify
COPY --from=client /app/dist/client dist/client
# Stills and clips around flags, encrypted (a volume), and what is written in sample mode; everything else is in Redis.
RUN install -d -o node -g node /data /data/evidence
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8080
USER node
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT ?? 8080) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]
