# Caseload's worker and starter with Tesseract.
#
#   docker build --build-arg VERSION=v1.0.0 --tag caseload:v1.0.0 .
#
# Runs as user 10001 on a read-only root: files in work go to /var/lib/caseload,
# the compiled PDF engine to /var/cache/caseload, and /tmp is a tmpfs.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN mkdir /out && CGO_ENABLED=0 go build -trimpath \
    -ldflags "-s -w -X github.com/caseload/caseload/config/version.linked=${VERSION}" \
    -o /out/ ./starter ./worker

FROM debian:12.11-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates antiword catdoc libwpd-tools tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/caseload /var/cache/caseload
COPY --from=build /out/ /usr/local/bin/
ENV CASELOAD_DATA_DIR=/var/lib/caseload \
    CASELOAD_PDF_CACHE_DIR=/var/cache/caseload \
    CASELOAD_METRICS_LISTEN=9464
USER 10001:10001
WORKDIR /var/lib/caseload
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["worker", "health"]
ENTRYPOINT ["worker"]
