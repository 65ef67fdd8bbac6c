# syntax=docker/dockerfile:1
# One static program on an image without a shell, as a user without rights.
# Only /data is written; the root file system may be read-only.

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# What `koprik version` says: docker build --build-arg VERSION="$(git describe --tags --always --dirty)"
ARG VERSION=
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags nethttpomithttp2 -ldflags="-s -w -X main.version=$VERSION" -o /out/koprik ./cmd/koprik \
    && mkdir /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/koprik /koprik
COPY --from=build --chown=65532:65532 --chmod=0700 /out/data /data
ENV DATA_DIR=/data \
    HTTP_ADDR=:8080
VOLUME /data
EXPOSE 8080
USER 65532:65532
# Ready means: Telegram knows the bot, PostgreSQL answers, the updates flow.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/koprik", "healthcheck"]
ENTRYPOINT ["/koprik"]
CMD ["run"]
