# count.awk: the closing line of a test run, "N passed, N failed", from meson's testlog.txt.
# A cmocka program counts as many as the cases it ran; one that died in the middle of a case failed that case. Any other
# program is one case, or as many as it reports as TAP ("ok 1 - ..."). A program that failed with all its cases passed
# (a leak, found at its end) adds one failure.
# Exits with 1 when something failed or nothing was run.
function close_program() {
    if (!open)
        return
    failures = run - ok - skip
    if (result == "exit status 77" && !run)
        skipped++
    else if (result == "exit status 0" && !run)
        passed++
    else {
        passed += ok
        skipped += skip
        failed += failures
        if (result != "exit status 0" && !failures)
            failed++
    }
}
/^=+ [0-9]+\/[0-9]+ =+$/ {
    close_program()
    open = 1
    run = ok = skip = 0
    result = ""
}
/^result: / && !result { sub(/^result: +/, ""); result = $0 }
/^(not )?ok [0-9]+/ { run++ }
/^ok [0-9]+/ { if (/# SKIP/) skip++; else ok++ }
/^\[ RUN      \] / { run++; name = substr($0, 15) }
/^\[       OK \] / { ok++ }
# The list at the end names what was skipped once more.
/^\[  SKIPPED \] / && substr($0, 15) == name { skip++; name = "" }
END {
    close_program()
    if (skipped)
        printf "%d skipped\n", skipped
    printf "%d passed, %d failed\n", passed, failed
    exit failed || !passed
}
