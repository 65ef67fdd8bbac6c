#!/bin/sh
# need.sh NAME...: makes sure that programs are on this machine.
#
# NAME is postgres, redis, chromium or go. What is missing is installed from
# Debian's packages, as root or by sudo where that asks for no password, and no
# service is left running by it. Where that cannot be done, one line says what
# to install, and the exit code is 1.
set -eu

# The oldest PostgreSQL that storage/local starts.
oldest_postgres=14

has_postgres() {
	found=$(command -v postgres 2>/dev/null || :)
	for bin in "$(dirname "$(readlink -f "${found:-/none/none}")")" \
		/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql*; do
		if [ ! -x "$bin/initdb" ] || [ ! -x "$bin/postgres" ]; then continue; fi
		major=$("$bin/postgres" -V | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
		[ "${major:-0}" -ge "$oldest_postgres" ] && return 0
	done
	return 1
}

has_redis() { has_one_of redis-server valkey-server; }
has_chromium() { has_one_of chromium chromium-browser google-chrome google-chrome-stable; }
has_go() { has_one_of go; }

has_one_of() {
	for program in "$@"; do
		command -v "$program" >/dev/null 2>&1 && return 0
	done
	return 1
}

packages() {
	case $1 in
	postgres) echo postgresql ;;
	redis) echo redis-server ;;
	chromium) echo chromium fonts-dejavu-core fonts-noto-color-emoji ;;
	esac
}

root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

give_up() {
	echo "need.sh: $*" >&2
	exit 1
}

# Debian starts a server as soon as its package is there, and makes a database
# cluster: neither is wanted on a machine where only the programs are.
policy=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/koprik.conf

keep_services_off() {
	trap allow_services EXIT
	trap 'exit 1' HUP INT TERM
	made_policy=
	if [ ! -e "$policy" ]; then
		made_policy=1
		printf '#!/bin/sh\nexit 101\n' | root tee "$policy" >/dev/null
		root chmod 755 "$policy"
	fi
	root mkdir -p "$(dirname "$no_cluster")"
	echo 'create_main_cluster = false' | root tee "$no_cluster" >/dev/null
}

allow_services() {
	root rm -f "$no_cluster" ${made_policy:+"$policy"}
	rm -f "${log:-}"
}

apt() {
	root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null
}

install() {
	log=$(mktemp)
	keep_services_off
	echo "need.sh: installing $*"
	apt update || : # an old list may do
	if ! apt install --no-install-recommends "$@"; then
		tail -n 20 "$log" >&2
		give_up "apt-get install $* did not succeed"
	fi
	case " $* " in
	*" redis-server "*) root update-rc.d redis-server disable >/dev/null 2>&1 || : ;;
	esac
}

missing=
for name in "$@"; do
	case $name in
	postgres | redis | chromium | go) ;;
	*) give_up "unknown: $name" ;;
	esac
	"has_$name" && continue
	[ "$name" = go ] && give_up "Go is missing: install it from https://go.dev/dl/"
	missing="$missing $(packages "$name")"
done
[ -n "$missing" ] || exit 0

if ! has_one_of apt-get || ! root true 2>/dev/null; then
	give_up "install as root:$missing (Debian: apt-get install$missing)"
fi
# shellcheck disable=SC2086 # one word is one package
install $missing
for name in "$@"; do
	"has_$name" || give_up "$name is still missing after installing$missing"
done
