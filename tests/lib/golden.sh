# SPDX-License-Identifier: Apache-2.0
# What the runners of golden tests share: comparing an output with its expectation. To be sourced.

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export SOURCE=$source_dir
EMPTOR=${EMPTOR:-$SOURCE/build/dev/emptor}
export DATA=${EMPTOR_SHARED_DATA:-$SOURCE/../shared}/data
export GOLDEN=${EMPTOR_SHARED_DATA:-$SOURCE/../shared}/golden
no_newline='\ No newline at end of file'

if [ ! -x "$EMPTOR" ]; then
    echo "$EMPTOR does not exist: build it, or set EMPTOR" >&2
    exit 2
fi
# Outputs must not depend on who runs the tests, and where.
export LC_ALL=C.UTF-8 TZ=UTC
unset COLUMNS OMP_NUM_THREADS

scratch=$(mktemp -d "${TMPDIR:-/tmp}/emptor-test.XXXXXX")
scratch=$(cd "$scratch" && pwd -P)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$(realpath "$EMPTOR")" "$scratch/bin/emptor"
PATH=$scratch/bin:$PATH

# Puts names in the place of folders that differ from machine to machine, and makes the lack of a
# last newline visible, as diff does: normalise FILE WORKING_FOLDER
normalise() {
    local script='' pair folder
    for pair in "PWD=$2" "DATA=$DATA" "GOLDEN=$GOLDEN" "SOURCE=$SOURCE"; do
        folder=$(printf '%s' "${pair#*=}" | sed 's/[][\.*^$|]/\\&/g')
        script+="s|$folder|\$${pair%%=*}|g;"
    done
    LC_ALL=C sed -i "$script" "$1"
    if [ -s "$1" ] && [ -n "$(tail -c 1 "$1" | tr '\n' 'n' | tr -d n)" ]; then
        printf '\n%s\n' "$no_newline" >>"$1"
    fi
}

# wildcards MODE EXPECTED ACTUAL: see match.awk
wildcards() {
    LC_ALL=C awk -v mode="$1" -f "$SOURCE/tests/lib/match.awk" "$2" "$3"
}

# Prints a diff and fails if ACTUAL does not match: compare TITLE EXPECTED ACTUAL
compare() {
    cmp -s "$2" "$3" || wildcards match "$2" "$3" || {
        wildcards expand "$2" "$3" >"$scratch/expanded"
        diff -a -u --label "$1: expected" --label "$1: found" "$scratch/expanded" "$3" ||
            return 1
        # The diff shows nothing where only the order of wildcards matters: show them as they stand.
        diff -a -u --label "$1: expected" --label "$1: found" "$2" "$3"
        return 1
    }
}
