#!/usr/bin/env bash
# Runs every fuzz target for a while, one after the other, and says of each how
# many inputs were tried, how many were new, and whether it held:
#
#	scripts/fuzz.sh [seconds a target] [targets as a regular expression]
#
# What breaks a target stands below testdata/fuzz afterwards, and is from then on
# tried by "go test" too.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

seconds=${1:-30}
only=${2:-^Fuzz}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
tried=0

printf '%-12s %-24s %12s %12s  %s\n' package target execs interesting result
for package in $(go list ./...); do
	grep -qs '^func Fuzz' "${package#koprik/}"/*_test.go || continue # listing compiles, which takes long
	if ! targets=$(go test -list '^Fuzz' "$package"); then
		echo "$package does not compile"
		failed=1
		continue
	fi
	for target in $(grep '^Fuzz' <<<"$targets" | grep -E "$only"); do
		result=ok
		tried=$((tried + 1))
		go test -run '^$' -fuzz "^$target\$" -fuzztime "${seconds}s" -timeout 10m "$package" >"$log" 2>&1 || result=FAIL
		execs=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -1)
		new=$(sed -n 's/.*new interesting: \([0-9]*\).*/\1/p' "$log" | tail -1)
		printf '%-12s %-24s %12s %12s  %s\n' "${package#koprik/}" "$target" "${execs:-0}" "${new:-0}" "$result"
		if [ "$result" = FAIL ]; then
			failed=1
			sed -n '/--- FAIL/,$p' "$log" | head -40
		fi
	done
done
if [ "$tried" = 0 ]; then
	echo "no target is called $only"
	exit 1
fi
exit $failed
