#!/usr/bin/env bash
# Makes what compose.yaml wants in secrets/. What is there already stays.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p -m 700 secrets
keep() { [ -s "secrets/$1" ]; } # an empty file is none

if ! keep telegram_token; then
	[ -n "${TELEGRAM_TOKEN:-}" ] || read -rsp 'Token from @BotFather (it is not shown): ' TELEGRAM_TOKEN
	echo
	[[ $TELEGRAM_TOKEN =~ ^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$ ]] || { echo 'That is no token of @BotFather, like 123456789:AAF…' >&2; exit 1; }
	printf %s "$TELEGRAM_TOKEN" >secrets/telegram_token
fi
keep postgres_password || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >secrets/postgres_password
keep database_url || printf 'postgres://koprik:%s@postgres:5432/koprik?sslmode=disable' "$(cat secrets/postgres_password)" >secrets/database_url
keep webhook_secret || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >secrets/webhook_secret

# The folder is closed; the files are read by the users inside the containers.
chmod 644 secrets/*
echo 'secrets/ is ready; keep a copy of it, away from those of the database.'
