#!/usr/bin/env bash
# start_test.sh QKV WHERE: without a graphics processor the window does without OpenGL, on a display of any depth.
echo "TAP version 13"
lesson=one-head
count=0
for depth in 24 16; do
    (
        fuzz=$((depth == 24 ? 0 : 6)) # 32 shades of red instead of 256
        # shellcheck source=/dev/null
        . "$(dirname "$0")/window.sh"
        n=$count
        unset SDL_RENDER_DRIVER
        start "$lesson"
        if ls /dev/dri/renderD* /dev/nvidiactl /dev/dxg >/dev/null 2>&1; then
            n=$((n + 1))
            echo "ok $n - no OpenGL is loaded # SKIP there is a graphics processor"
        else
            ! grep -E 'libGL|libEGL|llvm|LLVM|gallium|swrast|_dri\.so' "/proc/$pid/maps" | sed 's/^/# /' | grep .
            report $? "no OpenGL is loaded, at depth $depth"
        fi
        key Right Left
        expect "at=X motion=no" "its page is the one that is drawn into a file, at depth $depth"
        finish_window "it closes"
    )
    count=$((count + 3))
done
echo "1..$count"
