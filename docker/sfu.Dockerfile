# The media plane. Build from the root of the repository:
#   docker build -f docker/sfu.Dockerfile -t varta-sfu .
# The first stage finds or builds the mediasoup worker in the same way as set-up does on a machine.
FROM node:24-bookworm-slim AS worker
WORKDIR /app
ENV XDG_CACHE_HOME=/cache
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts && npm rebuild node
COPY setup setup
COPY config config
COPY server/contract server/contract
COPY sfu sfu
RUN node setup/bootstrap.mjs worker \
  && node -e "const fs = require('node:fs'); const found = JSON.parse(fs.readFileSync('node_modules/.varta/found.json', 'utf8')); fs.copyFileSync(found.MEDIASOUP_WORKER_BIN, '/mediasoup-worker')"

FROM node:24-bookworm-slim
# What a worker that was built here is linked with.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libuv1 libssl3 libsrtp2-1 libabsl20220623 libflatbuffers2 ffmpeg \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY config config
COPY server/contract server/contract
COPY sfu sfu
COPY --from=worker /mediasoup-worker /usr/local/bin/mediasoup-worker
ENV MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker SFU_CONTROL_HOST=0.0.0.0
USER node
# Control: for servers only. Media: one port a worker, UDP and TCP, from SFU_PORT on.
EXPOSE 44300 44400-44415/udp 44400-44415
# An edge of a facility listens to nobody: that its process runs is all that can be asked from here.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "process.env.EDGE_SERVER_URL && process.exit(0); require('node:net').connect(process.env.SFU_CONTROL_PORT ?? 44300, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"]
CMD ["node", "sfu/main.ts"]
