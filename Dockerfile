# docker build -t diachiso .
# docker run -p 127.0.0.1:8080:8080 -v diachiso:/data diachiso
#
# The image holds one static program, certificates and time zones: no shell, no
# package manager, no root.

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src

# The modules change more seldom than the sources: a layer of their own.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -tags nomsgpack -trimpath -buildvcs=false -ldflags "-s -w" -o /out/diachiso ./cmd/diachiso \
    && mkdir /out/data

FROM gcr.io/distroless/static-debian12:nonroot

COPY --from=build /out/diachiso /diachiso
# A new volume takes over the owner of the folder it is mounted on.
COPY --from=build --chown=65532:65532 /out/data /data

# Inside a container 127.0.0.1 is out of everybody's reach.
ENV DIACHISO_LISTEN=0.0.0.0:8080 \
    DIACHISO_DATABASE_URL=/data/diachiso.db

USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["/diachiso", "healthcheck"]

ENTRYPOINT ["/diachiso"]
CMD ["serve"]
