#!/usr/bin/env bash
# counts.sh: how many instructions a fixed set of runs takes, against those kept in counts.tsv.
#
#     counts.sh BUILD [--keep]
#
# BUILD is a build folder with the type `release`. Instructions do not depend on what else the machine does, but on the
# compiler, on the C library and on the widths of registers that the inner loops are chosen by: the file's head says with
# which they were counted (valgrind has no AVX-512), and they are compared only where these are the same. --keep writes
# the file anew. Exit status 1: a run takes more than the tolerance more or less than was kept.
set -eu -o pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1
kept=$here/counts.tsv
tolerance=2 # percent: fonts and paths that differ in length move them by less than one
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What the counts depend on.
machine() {
    local compiler width=plain
    # All is read: a pipe that is closed early is an error here.
    compiler=$(strings -a "$build/qkv" | awk '/^(GCC: |clang version|Apple clang)/ && !n++')
    [ -n "$compiler" ] || compiler=$(${CC:-cc} --version | awk 'NR == 1')
    [ "$(uname -m)" != x86_64 ] || ! grep -qw avx2 /proc/cpuinfo || width=avx2
    printf '%s; %s; %s %s' "$compiler" "$(ldd --version 2>&1 | sed -n '1s/^ldd //p')" "$(uname -m)" "$width"
}

# Instructions of one run of a program. valgrind has 8 MB for what malloc takes by brk, and where that is refused errno
# says that memory ran out, which pages ask: so malloc takes all at once, before there is a page.
count() { # PROGRAM ARGUMENT...
    GLIBC_TUNABLES=glibc.malloc.top_pad=268435456 \
        valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null --log-file="$work/log" "$@" \
        >"$work/out" 2>"$work/err" || {
        cat "$work/err" "$work/log" >&2
        echo "counts: this run failed: $*" >&2
        return 1
    }
    sed -n 's/.*I *refs: *//p' "$work/log" | tr -d ,
}

words() { # N
    awk -v n="$1" 'BEGIN { split("the cat it saw old", w, " "); for (i = 0; i < n; i++) printf "%s ", w[(i * i) % 5 + 1] }'
}

# A row of what is printed: the run's name, a tab, instructions.
row() { # NAME PROGRAM ARGUMENT...
    local n name=$1
    shift
    n=$(count "$@")
    printf '%s\t%s\n' "$name" "$n"
}

run_all() {
    local qkv=$build/qkv total=0 name n
    "$qkv" render one-head -o "$work/warm" >/dev/null # the system's cache of fonts is made
    "$build/tests/bench/make_tensors" "$work/in.safetensors" 512 64
    row 'list' "$qkv" list
    row 'help' "$qkv" --help
    row 'one page' "$qkv" render one-head --state at=weights -o "$work/page.png"
    row 'all pages of a lesson' "$qkv" render one-head -o "$work/pages"
    for name in $("$qkv" list | cut -f1); do
        n=$(count "$qkv" walk "$name")
        total=$((total + n))
    done
    printf 'walks of all lessons\t%s\n' "$total"
    row '512 tokens, 8 heads' "$qkv" run attention --tensors "$work/in.safetensors" --set heads=8 \
        --save "$work/out.safetensors"
    row 'walk of 300 words' "$qkv" walk several-heads --sentence "$(words 300)" --csv output
    row '20 frames of a large matrix' "$build/tests/bench/zoom_bench" 300 1280 800 scores 5
}

command -v valgrind >/dev/null || {
    echo "counts: valgrind is missing" >&2
    exit 1
}
here_now=$(machine)
if [ "${2:-}" != --keep ]; then
    then=$(sed -n 's/^# counted with: //p' "$kept")
    if [ "$then" != "$here_now" ]; then
        printf 'counts: not compared: kept with\n  %s\nhere is\n  %s\n' "$then" "$here_now"
        exit 0
    fi
fi
run_all >"$work/now"
if [ "${2:-}" = --keep ]; then
    {
        echo "# Instructions of the runs of counts.sh; './dev bench --keep' writes them."
        echo "# counted with: $here_now"
        cat "$work/now"
    } >"$work/counts" && cp "$work/counts" "$kept"
    cat "$kept"
    exit 0
fi
awk -F '\t' -v tolerance="$tolerance" '
    /^#/ { next }
    FNR == NR { was[$1] = $2; next }
    !($1 in was) { printf "%-30s %15s, not kept: ./dev bench --keep\n", $1, $2; wrong = 1; next }
    {
        change = 100 * ($2 - was[$1]) / was[$1]
        off = change > tolerance || change < -tolerance
        wrong = wrong || off
        printf "%-30s %15s %+7.2f %%%s\n", $1, $2, change, off ? "   MORE THAN " tolerance " % APART" : ""
        delete was[$1]
    }
    END {
        for (name in was) { printf "%-30s is kept, and was not run\n", name; wrong = 1 }
        exit wrong
    }' "$kept" "$work/now" || {
    echo "counts: what is meant is kept with ./dev bench --keep, and reviewed with the commit" >&2
    exit 1
}
