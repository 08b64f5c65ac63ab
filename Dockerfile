FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin wharf && cp target/release/wharf /usr/local/bin/wharf

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /var/lib/wharf wharf
COPY --from=build /usr/local/bin/wharf /usr/local/bin/wharf
USER wharf
# What the shop writes beside the database (uploads) is below this folder; mount a volume here.
WORKDIR /var/lib/wharf
VOLUME /var/lib/wharf
ENV WHARF_LISTEN=0.0.0.0:8080
EXPOSE 8080
# In the form of a list, so that the shop itself gets the signal to stop and lets requests finish.
ENTRYPOINT ["/usr/local/bin/wharf"]
CMD ["serve"]
