#!/usr/bin/env bash
# Proposed timetables: how soon all sessions have a place, and how far small cases are from the proven optimum.
# The exact solver is installed into a virtual environment in the work folder.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need python3

(cd "$root" && cargo bench --quiet --bench proposing)
(cd "$root" && cargo bench --quiet --bench proposing -- large)

cases=$work/proposing
rm -rf "$cases"
(cd "$root" && cargo bench --quiet --bench proposing -- export "$cases")
if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet ortools
fi
"$work/venv/bin/python" "$here/proposing_exact.py" "$cases" "${BENCH_EXACT_SECONDS:-120}"
