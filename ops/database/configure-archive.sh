#!/bin/bash
# Writes pgBackRest's configuration, from what ops/swarm/archive.ts gives a container: ARCHIVE_ENDPOINT, ARCHIVE_BUCKET,
# ARCHIVE_REGION, ARCHIVE_QUEUE, ARCHIVE_CA_FILE, and three secrets. As a file that only PostgreSQL's user reads, and not
# as variables, which every child would inherit.
set -euo pipefail
umask 077

secret() { cat "/run/secrets/archive-$1"; }

cat >"$PGBACKREST_CONFIG.new" <<CONFIGURATION
[global]
repo1-type=s3
repo1-path=/archive
repo1-s3-endpoint=$ARCHIVE_ENDPOINT
repo1-s3-bucket=$ARCHIVE_BUCKET
repo1-s3-region=$ARCHIVE_REGION
repo1-s3-key=$(secret access-key-id)
repo1-s3-key-secret=$(secret secret-access-key)
repo1-s3-uri-style=path
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=$(secret passphrase)
# Days, and what write-ahead log the oldest of them needs.
repo1-retention-full-type=time
repo1-retention-full=30
repo1-bundle=y
compress-type=zst
process-max=2
start-fast=y
archive-async=y
# Beyond it write-ahead log is dropped, so that the disk does not fill: pgbackrest-push.sh keeps in mind that it was.
archive-push-queue-max=$ARCHIVE_QUEUE
spool-path=/var/lib/postgresql/archive/spool
lock-path=/tmp/pgbackrest
log-level-console=warn
log-level-stderr=off
log-level-file=off
${ARCHIVE_CA_FILE:+repo1-storage-ca-file=$ARCHIVE_CA_FILE}

[docket]
pg1-path=$PGDATA
pg1-user=postgres
pg1-socket-path=${SOCKETS:-/var/run/postgresql}
CONFIGURATION
if [[ $(id -u) == 0 ]]; then chown postgres:postgres "$PGBACKREST_CONFIG.new"; fi
mv "$PGBACKREST_CONFIG.new" "$PGBACKREST_CONFIG"
