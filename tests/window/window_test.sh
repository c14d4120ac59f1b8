#!/usr/bin/env bash
# window_test.sh QKV WHERE: walking in the real window, with real key and mouse events.
lesson=one-head
# shellcheck source=/dev/null
. "$(dirname "$0")/window.sh"

echo "TAP version 13"
away
start "$lesson"
expect "at=X" "it opens on the first step"
key m
key Right
expect "at=X stop=2 motion=no" "the right arrow goes forward, to the second stop of the step"
key space Next
expect "at=Q stop=2 motion=no" "space and PageDown go forward"
key Prior Left
expect "at=X stop=2 motion=no" "PageUp and the left arrow go back"
key s Right
expect "at=Q filled=0 stride=row motion=no" "in strides of rows a matrix begins empty"
key Right Right
expect "at=Q filled=8 stride=row motion=no" "rows fill one by one"
key s Right
expect "at=Q filled=9 stride=cell motion=no" "cells fill one by one, with their arithmetic"
key Left Left
expect "at=Q filled=7 stride=cell motion=no" "and empty again on the way back"
key s s Home
expect "at=X motion=no" "Home goes to the start"

point "at=X motion=no" command stage Score && xdotool click 1
away
expect "at=scores motion=no" "a click on the rail goes to its stage"
point "at=scores motion=no" cell scores 1 5
expect "at=scores cell=scores,1,1,5 motion=no" "pointing at a cell shows its arithmetic"
point "at=scores motion=no" cell Q 5 2
expect "at=scores cell=Q,1,5,2 motion=no" "pointing at an operand explains the operand"
point "at=scores motion=no" cell scores 5 2 && xdotool click 1
away
expect "at=scores cell=scores,1,5,2 pinned=yes motion=no" "a click pins the cell"
key Down
expect "at=scores cell=scores,1,6,2 pinned=yes motion=no" "the arrow keys move the pinned cell"
key Escape
expect "at=scores cell=scores,1,6,2 motion=no" "Escape lets go of the pin"
key Escape
expect "at=scores motion=no" "and then of the cell"
key Down Right Return
expect "at=scores cell=scores,1,5,3 pinned=yes motion=no" "arrows and Enter do what the mouse does"
key Escape Escape

key Tab
expect "at=scores page=overview motion=no" "Tab opens the overview"
point "at=scores page=overview motion=no" command step 2 && xdotool click 1
away
expect "at=K motion=no" "a click in the overview goes to the step"
key question
expect "at=K page=keys motion=no" "? shows the keys"
key Escape t
expect "at=K theme=dark motion=no" "T changes the theme"
key plus plus Left Right
expect "at=K scale=120 theme=dark motion=no" "+ makes the text larger"
key 0 t Left Right
expect "at=K motion=no" "0 and T bring back what was"
key b
expect "at=K page=blank motion=no" "B makes the screen dark"
key Right
expect "at=K motion=no" "any key brings the page back and does nothing else"

xdotool windowsize --sync "$window" 800 600
size=800x600
expect "at=K motion=no" "the page follows the window's size"
xdotool windowsize --sync "$window" 1280 800
size=1280x800
expect "at=K motion=no" "and follows it back"

key m Left Right
sleep 0.7
expect "at=K" "after a transition the page is the one that going there directly shows"

before=$(awk '{print $14 + $15}' "/proc/$pid/stat")
sleep 2
after=$(awk '{print $14 + $15}' "/proc/$pid/stat")
[ $((after - before)) -le 1 ]
report $? "an idle window takes no processor time"
echo "# $((after - before)) ticks of a hundredth of a second in two seconds"

key l Down Return
lesson=several-heads
expect "at=X" "a lesson is chosen on the page of lessons"
key 2 h
expect "at=X head=3!" "numbers and H choose the head"
key e
xdotool type --delay 20 "the dogs barked"
key Return Escape
sentence="the dogs barked"
expect "at=X head=3!" "a typed sentence is walked"
key Right
key e
xdotool type --delay 120 "小狗睡着了"
key Home Right Right
xdotool type --delay 120 "没"
key Return Escape
sleep 0.7
sentence="小狗没睡着了"
expect "at=Q head=3!" "a Chinese sentence is typed, with a word put into its middle, and the step stays"
key e ctrl+a ctrl+c Right ctrl+v Return Escape
sentence="小狗没睡着了小狗没睡着了"
expect "at=Q head=3!" "it is copied and pasted"
paste_tool=
command -v xsel >/dev/null && paste_tool="xsel -ib"
command -v xclip >/dev/null && paste_tool="xclip -selection clipboard"
if [ -n "$paste_tool" ]; then
    printf 'the dogs\nslept' | $paste_tool >/dev/null 2>&1
    key e ctrl+v Return Escape
    sentence="the dogs slept"
    expect "at=Q head=3!" "what another program copied is pasted"
else
    n=$((n + 1))
    echo "ok $n - what another program copied is pasted # SKIP there is no other program that copies"
fi
sentence=
finish_window "Q closes the window, and all memory was given back"
