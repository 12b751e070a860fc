# One image for API and page. How to run it, and what it promises: docs/deployment/image.md
ARG BUN_IMAGE=oven/bun:1.4.5-slim
FROM ${BUN_IMAGE}

WORKDIR /app/dist/server

# The sources are mounted, not copied: what install and build write beside them is gone with the mount, and the layer
# holds only what runs. No package's script runs: none is needed to build.
RUN --mount=type=bind,target=/source,rw \
    --mount=type=cache,target=/root/.bun/install/cache \
    --mount=type=tmpfs,target=/tmp \
    cd /source \
    && bun install --frozen-lockfile --ignore-scripts \
    && bun run build \
    && cp -r dist migrations /app/ \
    && chmod -R a+rX /app

ENV NODE_ENV=production PORT=8000
EXPOSE 8000

# By number, so that an orchestrator can see that it is not root. Spaces on Hugging Face want this one.
USER 1000:1000

# That the process answers; whether its database does is /health's business, and no reason to be killed.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["bun", "-e", "process.exit((await fetch(`http://127.0.0.1:${process.env.PORT}/health/live`)).ok ? 0 : 1)"]

# The base has an entrypoint that guesses whether it was given a command or a script.
ENTRYPOINT []
CMD ["bun", "main.js"]

# Last, so that a new commit with the same sources reuses the layer above.
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="Docket" \
    org.opencontainers.image.description="A todo service that people own" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${COMMIT}"
