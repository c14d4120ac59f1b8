#!/usr/bin/env bash
# explore_test.sh QKV WHERE: everything can be touched, in the real window, with real key and mouse events. After each
# change all numbers on the page are those of a page that was computed from the start with that change.
lesson=one-head
# shellcheck source=/dev/null
. "$(dirname "$0")/window.sh"

# A key that does nothing takes back what was said at the foot of the page.
quiet() { key F12; }
undo_all() {
    for _ in $(seq "$1"); do key ctrl+z; done
    quiet
}
drag() { # the arguments of `where` after the state, twice: from there, to there
    local state=$1 from to
    shift
    from=$("$where" "$lesson" "$size" "$state" "$1" "$2" "$3" "$4") || return 1
    to=$("$where" "$lesson" "$size" "$state" "$5" "$6" "$7" "$8") || return 1
    # shellcheck disable=SC2086
    set -- $from $to
    xdotool mousemove --window "$window" "$1" "$2" sleep 0.1 mousedown 1 sleep 0.1
    for i in $(seq 8); do
        xdotool mousemove --window "$window" $(($1 + ($3 - $1) * i / 8)) $(($2 + ($4 - $2) * i / 8)) sleep 0.1
    done
    xdotool mouseup 1
}

echo "TAP version 13"
away
start "$lesson"
key m Right Right
expect "at=Q motion=no" "it stands where weights are read"

point "at=Q motion=no" cell W_Q 4 2 && xdotool click 1
away
xdotool type --delay 40 "5.5"
key Return
quiet
expect "at=Q cell=W_Q,1,4,2 pinned=yes edit=W_Q,1,4,2:5.5 motion=no" "a number is typed over a pinned cell"
key F2
xdotool type --delay 40 "nonsense"
key Return Escape
quiet
expect "at=Q cell=W_Q,1,4,2 pinned=yes edit=W_Q,1,4,2:5.5 motion=no" "what is no number changes nothing"
key ctrl+Up ctrl+Up
quiet
expect "at=Q cell=W_Q,1,4,2 pinned=yes edit=W_Q,1,4,2:5.7 motion=no" "Control with an arrow makes it more"
key Right Escape Escape
key Next Prior
expect "at=Q edit=W_Q,1,4,2:5.7 motion=no" "the change stays while one walks"
key c
quiet
expect "at=Q compare=before edit=W_Q,1,4,2:5.7 motion=no" "C shows the difference to what was"
key c
quiet
key ctrl+z
quiet
expect "at=Q cell=W_Q,1,4,2 pinned=yes edit=W_Q,1,4,2:5.6 motion=no" "Control-Z undoes one change, where it was made"
undo_all 3
expect "at=X motion=no" "and all, back to where the session began"

away
from=$("$where" "$lesson" "$size" "at=X motion=no" command live 0)
# shellcheck disable=SC2086
set -- $from
xdotool mousemove --window "$window" "$1" "$2" sleep 0.1 mousedown 1 sleep 0.1
for right in 10 20 30 40 50; do xdotool mousemove --window "$window" $(($1 + right)) "$2" sleep 0.1; done
xdotool mouseup 1
away
key F12 Escape Escape F12
expect "at=X edit=X,1,2,6:-0.5 motion=no" "a number is dragged in the text"
key ctrl+z
key F12 Escape Escape F12
expect "at=X motion=no" "and it is undone in one go"

key Right Right
away
from=$("$where" "$lesson" "$size" "at=Q motion=no" cell W_Q 6 3)
# shellcheck disable=SC2086
set -- $from
xdotool mousemove --window "$window" "$1" "$2" sleep 0.1 mousedown 1 sleep 0.1
for up in 10 20 30 40 50; do xdotool mousemove --window "$window" "$1" $(($2 - up)) sleep 0.1; done
xdotool mouseup 1
away
key F12 Escape Escape F12
expect "at=Q edit=W_Q,1,6,3:2.5 motion=no" "a number is dragged up"
key ctrl+z
key F12 Escape Escape F12
expect "at=Q motion=no" "a drag is undone in one go"

lesson=causal-mask
key l Down Down Return
quiet
for _ in $(seq 12); do key Right; done
step="at=masked motion=no"
point "at=X motion=no" command stage Mask && xdotool click 1
away
quiet
expect "$step" "a picture stands in the mask's place"
key shift+p shift+p
quiet
step="$step picture=none"
expect "$step" "the mask stands beside what it blocks"
drag "$step" cell causal_mask 2 4 cell causal_mask 2 6
away
key F12 Escape Escape F12
open="set=mask=none"
for r in 1 2 3 4 5 6 7; do
    row=
    for c in 1 2 3 4 5 6 7; do
        cell=0
        [ $c -le $r ] && cell=1
        [ $r = 2 ] && [ $c -ge 4 ] && [ $c -le 6 ] && cell=1
        row=$row${row:+,}$cell
    done
    open="$open edit=mask,1,$r,1:$row"
done
expect "$step $open" "cells of a mask are painted with the mouse"
key ctrl+z
key F12 Escape Escape F12
expect "$step" "and the painting is undone"
key shift+p
quiet
step="at=masked motion=no"
expect "$step" "and the picture comes back"

key e
xdotool type --delay 120 "小狗睡着了"
key Return
quiet
sentence="小狗睡着了"
expect "$step" "a Chinese sentence is typed"
key ctrl+z
quiet
sentence=
expect "$step" "and undone"

undo_all 4
lesson=one-head
expect "at=X motion=no" "after all of it the lesson is as it was"
finish_window "Q closes the window, and all memory was given back"
