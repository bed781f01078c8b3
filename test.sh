#!/usr/bin/env bash
# Builds everything, runs every test and ends with one line: "N passed, N failed, N skipped".
# Tests that need something this machine lacks (kcat, Java, Apache Kafka) are skipped and say what it was;
# MILLRACE_REQUIRE_ALL=1 makes that a failure. Arguments go to `dotnet test`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is needed: 'dotnet' is not on the PATH (https://dot.net/download)." >&2; exit 1; }

dotnet build Millrace.slnx --configuration Release --nologo --verbosity quiet || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

# One test project at a time: several of them start servers of their own and would starve each other on a small machine.
# A program in which no test has ended for so long hangs: it is stopped, and the tests that it was in are named.
output=$(mktemp) hangs=$(mktemp -d) && trap 'rm -rf "$output" "$hangs"' EXIT
dotnet test --solution Millrace.slnx --configuration Release --no-build --max-parallel-test-modules 1 \
  --hangdump --hangdump-timeout 12m --hangdump-type None --results-directory "$hangs" "$@" 2>&1 | tee "$output"
status=${PIPESTATUS[0]}
find "$hangs" -name '*_hang.log' -exec sh -c 'echo "test.sh: $(basename "$1" _hang.log) was stopped; it hung in:"; cat "$1"' sh {} \;

# Again at the end, where whoever keeps only that of a long output finds it: each failed test to its first frame of the stack, without what servers and clients wrote.
awk '/^failed .* \(/ { print; on = 30; next } on && /^ *(at |--- End|Standard output|Error output)/ { on = 0 } on && on-- && /^ / { print }' "$output"

count() { sed -nE "s/^ *$1: ([0-9]+)$/\1/p" "$output" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
# A test program that crashed has no failed test to show for it.
[ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
echo "${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit "$status"
