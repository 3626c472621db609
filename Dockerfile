# The command `parley`: server, worker, or both in one process (the default, on the embedded database in /data), and what operators do.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/generate.ts

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app ./
RUN ln -s /app/bin/parley.js /usr/local/bin/parley && mkdir /data && chown node:node /data
# What the first start compiles, which no process could keep later: it is root's, or read-only.
RUN install -d -o node -g node node_modules/.cache
USER node
RUN node scripts/fill-caches.js
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 METRICS_PORT=4000 DATA_DIR=/data
VOLUME /data
EXPOSE 4000
# A server answers at PORT, a worker at METRICS_PORT.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD node -e "Promise.any([process.env.PORT,process.env.METRICS_PORT].map(async(port)=>{if(!(await fetch('http://127.0.0.1:'+port+'/health/live')).ok)throw 0})).catch(()=>process.exit(1))"
ENTRYPOINT ["node", "bin/parley.js"]
CMD ["start"]
