# One static binary on an empty image. `make image` builds it; docs/operations/install.md runs it.

ARG GO_VERSION=1.26.8

FROM --platform=$BUILDPLATFORM docker.io/library/golang:${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=unknown
ARG COMMIT=unknown
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false \
		-ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" -o /image/usr/bin/monolith ./cmd/monolith
# What a program expects of a system: a place for what it keeps, one for what it throws away, and whom to trust.
RUN mkdir -p /image/data /image/tmp /image/etc/ssl/certs /image/usr/share/doc/gavel \
	&& chmod 700 /image/data && chmod 1777 /image/tmp \
	&& cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
	&& cp LICENSE /image/usr/share/doc/gavel/ \
	&& chown -R 65532:65532 /image/data

FROM scratch
COPY --from=build /image/ /
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="Gavel" \
	org.opencontainers.image.source="https://github.com/gavelhq/gavel" \
	org.opencontainers.image.licenses="Apache-2.0" \
	org.opencontainers.image.version="$VERSION" \
	org.opencontainers.image.revision="$COMMIT"
ENV PATH=/usr/bin GAVEL_HTTP_ADDR=:8080 GAVEL_DATA_DIR=/data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# The first start after an upgrade may migrate, and backs up before it does.
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 CMD ["monolith", "healthcheck"]
ENTRYPOINT ["monolith"]
CMD ["serve"]
