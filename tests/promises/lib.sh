# SPDX-License-Identifier: Apache-2.0
# What the tests of promises and of faults share. To be sourced by bash, first thing. Uses EMPTOR,
# the command under test. EMPTOR_SLOW=1 (sanitizers, coverage) makes the histories smaller.
set -u
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
EMPTOR=$(realpath -m "${EMPTOR:-$SOURCE/build/dev/emptor}")
export LC_ALL=C.UTF-8 TZ=UTC
unset OMP_NUM_THREADS

if [ ! -x "$EMPTOR" ]; then
    echo "$EMPTOR does not exist: build it, or set EMPTOR" >&2
    exit 2
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/emptor-test.XXXXXX")
scratch=$(cd "$scratch" && pwd -P)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2

failures=0
# Notes a failure and goes on; finish ends the test.
fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

finish() {
    [ "$failures" -eq 0 ] || echo "$failures failures"
    exit $((failures > 0))
}

skip() {
    echo "SKIP: $*"
    exit 77
}

# An undisturbed run: run PARAMS OUT [ARGUMENT...]. What it says is shown only where it fails.
run() {
    local params=$1 out=$2 status=0 said=stderr.$BASHPID
    shift 2
    "$EMPTOR" run "$params" --out "$out" --quiet "$@" 2>"$said" || status=$?
    [ $status -eq 0 ] && return
    echo "FAILED: run $params --out $out $*: status $status: $(cat "$said")"
    exit 1
}

# Stops the test: for what it needs, not for what it examines.
need() {
    "$@" || {
        echo "FAILED: $* (status $?)"
        exit 1
    }
}

# Prints a history of ROWS rows of CUSTOMERS customers, the same for the same SEED: several rows to
# an order, ids that are numbers and ids that are text, some of it not ASCII; products with commas
# and quotes; returns; equal amounts, so that there are ties. DECIMALS of the amounts are 2 or 4,
# and with 4 every amount is a hundredth.
history() { # ROWS CUSTOMERS SEED [DECIMALS]
    LC_ALL=C awk -v rows="$1" -v customers="$2" -v seed="$3" -v decimals="${4-2}" '
    # Park and Miller: exact in doubles, so the same in every awk.
    function draw(n) { seed = (seed * 16807) % 2147483647; return int(seed / 2147483647 * n) }
    BEGIN {
        product[0] = "tea"; product[1] = "\"nuts, salted\""; product[2] = "\"6\"\" nails\""
        product[3] = "сыр"; product[4] = ""
        seed += 12345; for (i = 0; i < 10; i++) draw(2)
        print "customer_id,date,amount,order_id,product,quantity"
        for (row = 1; row <= rows; row++) {
            c = draw(customers)
            id = c % 7 == 0 ? "клиент-" c : c % 5 == 0 ? sprintf("A%05d", c) : c + 1
            # Some customers are only ever seen in the first months, some buy for round sums.
            day = draw(c % 4 == 0 ? 90 : 540)
            cents = c % 3 == 0 ? 500 * (1 + draw(8)) : 100 + draw(20000)
            sign = draw(20) == 0 ? "-" : ""
            digits = sprintf("%0" (decimals + 1) "d", cents)
            amount = sign substr(digits, 1, length(digits) - decimals) "." \
                substr(digits, length(digits) - decimals + 1)
            printf "%s,%04d-%02d-%02d,%s,%d-%d,%s,%d\n", id, 2020 + int(day / 336),
                1 + int(day % 336 / 28), 1 + day % 28, amount, c, day, product[draw(5)], 1 + draw(9)
        }
    }'
}

# Prints a parameter file for a history: params FILES [AMOUNT_DECIMALS [LINE...]], where each LINE
# is added under rfm.
params() {
    local files=$1 decimals=${2-2}
    shift $(($# > 2 ? 2 : $#))
    cat <<END
input:
  transactions:
    files: [$files]
    columns: {customer: customer_id, time: date, amount: amount, order: order_id}
    amount_decimals: $decimals
analysis_date: 2021-12-31
rfm:
  merge: order
END
    [ $# -eq 0 ] || printf '  %s\n' "$@"
    printf 'partitions: 16\nseed: 1\n'
}

# Prints a customers file: the customers of a history of CUSTOMERS, every third of them missing, and
# as many again who are in no history.
customer_file() { # CUSTOMERS
    LC_ALL=C awk -v customers="$1" 'BEGIN {
        print "age,customer_id,income"
        for (c = 0; c < 2 * customers; c++)
            if (c % 3 > 0 || c >= customers)
                printf "%s,%s,%d.%d\n", c % 11 == 0 ? "" : c % 90, \
                    c % 7 == 0 ? "клиент-" c : c % 5 == 0 ? sprintf("A%05d", c) : c + 1, c * 7, c % 10
    }'
}

# Adds a customers file to a parameter file: with_customers FILES
with_customers() {
    sed "s/^analysis_date/  customers: {files: [$1], columns: {customer: customer_id}}\n&/"
}

result_tables=(customers.csv rfm_cuts.csv rfm_segments.csv)

# Whether FOLDER holds all files of a run, each whole to its last line.
complete() {
    local name
    for name in "${result_tables[@]}" rejects.csv run.json; do
        [ -s "$1/$name" ] && [ -z "$(tail -c 1 "$1/$name")" ] || return 1
    done
    [ "$(tail -n 1 "$1/run.json")" = "}" ]
}

# Compares the tables of two runs byte for byte: same_tables TITLE FOLDER FOLDER
same_tables() {
    local name
    for name in "${result_tables[@]}"; do
        cmp "$2/$name" "$3/$name" || fail "$1: $name differs"
    done
}

# Compares all of two run folders but the timings, which stand in one line of run.json.
same_folders() { # FOLDER FOLDER
    local name
    for name in "${result_tables[@]}" rejects.csv; do
        cmp -s "$1/$name" "$2/$name" || return 1
    done
    cmp -s <(grep -v '"timings"' "$1/run.json") <(grep -v '"timings"' "$2/run.json")
}

# Whether FOLDER holds exactly these names: holds_only FOLDER NAME...
holds_only() {
    local folder=$1
    shift
    [ "$(ls -A "$folder")" = "$(printf '%s\n' "$@" | sort)" ]
}

rows() { # of a history, MANY or, where everything is slow, FEW
    [ -n "${EMPTOR_SLOW-}" ] && echo "$2" || echo "$1"
}
