#!/usr/bin/env bash
# fits_test.sh QKV WHERE: on a small display the window is no larger than it, and the page is laid out for what it is.
echo "TAP version 13"
count=0
for screen in 1366x768 1280x720 800x600; do
    (
        lesson=one-head
        # shellcheck source=/dev/null
        . "$(dirname "$0")/window.sh"
        n=$count
        start "$lesson"
        eval "$(xdotool getwindowgeometry --shell "$window")"
        width=${screen%x*} height=${screen#*x}
        [ "$WIDTH" -le "$width" ] && [ "$HEIGHT" -le "$height" ]
        report $? "on $screen the window is ${WIDTH}x$HEIGHT"
        size=${WIDTH}x$HEIGHT
        xdotool mousemove "$((width - 1))" "$((height - 1))"
        expect "at=X" "its page is the one of that size"
        finish_window "it closes"
    )
    count=$((count + 3))
done
echo "1..$count"
