# window.sh: what tests of the real window share: a virtual display, a window on it, and comparing what is on the screen,
# pixel by pixel, with the page that `qkv render --state` draws of the state it should be in. Sourced with the arguments
# QKV WHERE; the test says in $lesson which lesson is open, in $screen how large the display is and in $depth how deep, and
# speaks TAP.
set -u
qkv=$1 where=$2
work=$(mktemp -d)
size=1280x800
n=0

finish() {
    [ -z "${pid:-}" ] || kill "$pid" 2>/dev/null
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT

report() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

exec 3>"$work/display"
# Without -noreset it starts anew whenever its last client leaves, and refuses whoever comes meanwhile.
Xvfb -noreset -displayfd 3 -screen 0 "${screen:-2000x1400}x${depth:-24}" >"$work/xvfb.log" 2>&1 &
server=$!
for _ in $(seq 300); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY
# The pixels of pages also where there is a graphics processor, so that one pixel is one pixel.
export SDL_RENDER_DRIVER=software XDG_RUNTIME_DIR=$work QKV_STATE_DIR=$work/kept

start() { # ARGUMENT...
    "$qkv" "$@" >"$work/out" 2>"$work/err" &
    pid=$!
    window=
    for _ in $(seq 300); do
        window=$(xdotool search --onlyvisible --pid "$pid" 2>/dev/null | head -1)
        [ -n "$window" ] && break
        sleep 0.1
    done
    [ -n "$window" ] || { echo "Bail out! no window: $(cat "$work/err")"; exit 1; }
    xdotool windowmove "$window" 0 0 windowfocus --sync "$window" 2>/dev/null
}

# The screen shows this state: looked at again and again for a while, since the window takes its time to draw.
expect() { # STATE NAME
    local difference=none
    "$qkv" render "$lesson" ${sentence:+--sentence "$sentence"} --state "$1" --size "$size" -o "$work/wanted.png" \
        >/dev/null 2>"$work/render.err" || cat "$work/render.err"
    for _ in $(seq 40); do
        import -window "$window" "png24:$work/seen.png" 2>/dev/null
        difference=$(compare -metric AE -fuzz "${fuzz:-0}%" "$work/wanted.png" "$work/seen.png" null: 2>&1)
        [ "$difference" = 0 ] && break
        sleep 0.1
    done
    [ "$difference" = 0 ]
    report $? "$2"
    if [ "$difference" != 0 ]; then
        echo "# $difference pixels are not those of: $1"
        [ -z "${QKV_KEEP:-}" ] || cp "$work/wanted.png" "$QKV_KEEP/$n-wanted.png"
        [ -z "${QKV_KEEP:-}" ] || cp "$work/seen.png" "$QKV_KEEP/$n-seen.png"
    fi
}

key() { xdotool key --delay 60 "$@"; }
point() { # the arguments of `where` after the page's state
    local at
    at=$("$where" "$lesson" "$size" "$@") || { echo "# nothing there: $*"; return 1; }
    # shellcheck disable=SC2086
    xdotool mousemove --window "$window" $at
}
away() { xdotool mousemove 1990 1390; }

# What the window that was asked to close came to.
ends() { # NAME
    local status=none
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || { wait "$pid"; status=$?; break; }
        sleep 0.1
    done
    [ "$status" = 0 ]
    report $? "$1"
    [ "$status" = 0 ] || sed 's/^/# /' "$work/err" | head -40
    pid=
}

finish_window() { # NAME
    key ctrl+q
    ends "$1"
}
