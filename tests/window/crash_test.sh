#!/usr/bin/env bash
# crash_test.sh QKV WHERE: the real window is killed as by a crash, and the next one offers what was on the screen; it is
# told to end, or closed by its window manager, and the next one goes on where it was.
lesson=one-head
# shellcheck source=/dev/null
. "$(dirname "$0")/window.sh"

sessions() { find "$QKV_STATE_DIR" -name '*.session.yaml' | wc -l; }
kept_has() { grep -q "$1" "$QKV_STATE_DIR"/*.session.yaml; }

# Whatever it is about, it comes within a few seconds.
wait_for() { # NAME COMMAND...
    local name=$1 status=1
    shift
    for _ in $(seq 100); do
        if "$@" >/dev/null 2>&1; then status=0; break; fi
        sleep 0.1
    done
    report $status "$name"
}

# The offer stands in the place of the stages, the message at the foot: between them the page is this state's.
shows() { # STATE
    "$qkv" render "$lesson" --state "$1" --size "$size" -o "$work/wanted.png" || return 1
    import -window "$window" "png24:$work/seen.png" || return 1
    [ "$(compare -extract 1280x600+0+120 -metric AE "$work/wanted.png" "$work/seen.png" null: 2>&1)" = 0 ]
}

echo "TAP version 13"
away
start "$lesson"
key m Right Right Right
key e
xdotool type --delay 30 "the dogs slept"
key Return
wait_for "a change is kept as soon as it is made" kept_has "the dogs slept"
kill -9 "$pid"
wait "$pid" 2>/dev/null
start "$lesson"
wait_for "the lesson opens as ever, with the offer above it" shows "at=X"
[ -z "${QKV_KEEP:-}" ] || import -window "$window" "$QKV_KEEP/offer.png"
key Return
wait_for "Enter brings back what was on the screen" shows "sentence=\"the dogs slept\" at=Q motion=no"
[ "$(sessions)" = 1 ]
report $? "what the crash left is not kept twice"
finish_window "the window closes"
[ "$(sessions)" = 1 ]
report $? "a window that was closed keeps where it was"
start
wait_for "qkv alone goes on there" shows "sentence=\"the dogs slept\" at=Q motion=no"
xdotool mousemove 1990 1390
key ctrl+z
wait_for "and Ctrl+Z goes to the start" shows "at=X"
key ctrl+y
wait_for "and back" shows "sentence=\"the dogs slept\" at=Q motion=no"
kill -TERM "$pid"
wait "$pid" 2>/dev/null
start
wait_for "a window that was told to end is gone on with, too" shows "sentence=\"the dogs slept\" at=Q motion=no"
finish_window "it closes"

# What a window manager's close button and its Alt+F4 send is the same message, WM_DELETE_WINDOW.
closed="a window manager closes the window" on="what it closed is gone on with, too"
if command -v openbox >/dev/null; then
    openbox >"$work/openbox" 2>&1 &
    manager=$!
    for _ in $(seq 100); do xdotool get_num_desktops >/dev/null 2>&1 && break; sleep 0.1; done
    start
    wait_for "under a window manager it opens where it was" shows "sentence=\"the dogs slept\" at=Q motion=no"
    key t
    wait_for "and is changed" shows "sentence=\"the dogs slept\" at=Q theme=dark motion=no"
    key alt+F4
    ends "$closed"
    kill "$manager"
    start
    wait_for "$on" shows "sentence=\"the dogs slept\" at=Q theme=dark motion=no"
    finish_window "it closes"
else
    echo "ok $((n + 1)) - $closed # SKIP there is no openbox"
    echo "ok $((n += 2)) - $on # SKIP there is no openbox"
fi
echo "1..$n"
