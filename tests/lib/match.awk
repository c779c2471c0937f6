# SPDX-License-Identifier: Apache-2.0
# Usage: LC_ALL=C awk -v mode=MODE -f match.awk EXPECTED ACTUAL
#
# An expected line `...` matches any number of lines, `<*>` within a line any text.
#   mode=match   exit status 0 if the whole of ACTUAL matches, 1 otherwise
#   mode=expand  prints EXPECTED with the text that its wildcards stand for, so that a diff against
#                ACTUAL shows only what does not match
#   mode=merge   prints ACTUAL with those lines of EXPECTED that hold `<*>` and still match
BEGIN {
    while ((getline line < ARGV[1]) > 0) expected[++wanted] = line
    while ((getline line < ARGV[2]) > 0) actual[++found] = line
    if (mode == "match") exit !all_fits()
    if (mode == "expand") expand(); else merge()
    exit 0
}

# The comparisons append "" because awk would compare "1.0" and "1" as equal numbers.
function fits(pattern, text,    pieces, piece, i, at) {
    if (!index(pattern, "<*>")) return pattern "" == text ""
    pieces = split(pattern, piece, "<[*]>")
    if (substr(text, 1, length(piece[1])) "" != piece[1] "") return 0
    text = substr(text, length(piece[1]) + 1)
    for (i = 2; i < pieces; i++) {
        if (piece[i] == "") continue
        at = index(text, piece[i])
        if (!at) return 0
        text = substr(text, at + length(piece[i]))
    }
    at = length(text) - length(piece[pieces])
    return at >= 0 && substr(text, at + 1) "" == piece[pieces] ""
}

# The greedy matching of globs: on a mismatch the last `...` takes one line more.
function all_fits(    i, j, star, mark) {
    i = j = 1
    while (j <= found) {
        if (i <= wanted && expected[i] == "...") { star = i++; mark = j }
        else if (i <= wanted && fits(expected[i], actual[j])) { i++; j++ }
        else if (star) { i = star + 1; j = ++mark }
        else return 0
    }
    while (i <= wanted && expected[i] == "...") i++
    return i > wanted
}

# The first line from `from` on that fits, 0 if there is none.
function next_fit(pattern, from,    j) {
    for (j = from; j <= found; j++) if (fits(pattern, actual[j])) return j
    return 0
}

function expand(    i, j, at) {
    j = 1
    for (i = 1; i <= wanted; i++) {
        if (expected[i] == "...") {
            at = i == wanted ? found + 1 : next_fit(expected[i + 1], j)
            if (!at) print "..."
            else while (j < at) print actual[j++]
        } else {
            at = next_fit(expected[i], j)
            print at ? actual[at] : expected[i]
            if (at) j = at + 1
        }
    }
}

function merge(    i, j, k) {
    i = 1
    for (j = 1; j <= found; j++) {
        for (k = i; k <= wanted; k++)
            if (index(expected[k], "<*>") && fits(expected[k], actual[j])) break
        if (k <= wanted) { print expected[k]; i = k + 1 } else print actual[j]
    }
}
