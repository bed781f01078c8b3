#!/usr/bin/env bash
# Builds everything, runs every test and ends with one line: "N passed, N failed, N skipped".
# Tests that need something this machine lacks (kcat, Java, Apache Kafka) are skipped and say what it was;
# MILLRACE_REQUIRE_ALL=1 makes that a failure. Arguments go to `dotnet test`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is needed: 'dotnet' is not on the PATH (https://dot.net/download)." >&2; exit 1; }

dotnet build Millrace.slnx --configuration Release --nologo --verbosity quiet || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

# One test project at a time: several of them start servers of their own and would starve each other on a small machine.
output=$(mktemp) && trap 'rm -f "$output"' EXIT
dotnet test --solution Millrace.slnx --configuration Release --no-build --max-parallel-test-modules 1 "$@" 2>&1 | tee "$output"
status=${PIPESTATUS[0]}

count() { sed -nE "s/^ *$1: ([0-9]+)$/\1/p" "$output" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
# A test program that crashed has no failed test to show for it.
[ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
echo "${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit "$status"
