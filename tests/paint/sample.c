/* sample FILE: a page with something of everything, to be looked at. */
#include "paint/sketch.h"

#include "base/file.h"

#include <stdio.h>

static void words_of_the_world(struct display_list *list)
{
    static const char *const texts[] = {
        "Latin: Å É ﬁ office AVATAR jj. The quick brown fox jumps over the lazy dog",
        "中文 日本語の文章 한국어",
        "العربية: سلام عليكم يا صديقي, Hebrew: שלום עולם",
        "हिन्दी क्षत्रिय, ไทย, Ελληνικά, Кириллица",
        "√ d_k ∑ ∂ ∞ ≤ × · → ← ↑ ↓ ½ T₁ xᵀ  emoji 😀 👩‍👩‍👧 and unassigned "
        "\U000E1234 "
        "\xff",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsgeneralversammlung",
    };
    for (int i = 0; i < 6; i++) {
        sketch_text(list, 20, 20 + 26 * (float)i, FACE_SANS, 16, 0x1A1F27, texts[i]);
        sketch_text(list, 20, 200 + 26 * (float)i, FACE_MONO, 14, 0x1A1F27, texts[i]);
        sketch_text(list, 20, 380 + 26 * (float)i, FACE_SANS_BOLD, 14, 0x3B4BC8, texts[i]);
    }
}

static void sizes(struct display_list *list)
{
    float y = 560;
    for (int px = 9; px <= 30; px += 3, y += 1.35f * (float)px) {
        char text[80];
        snprintf(text, sizeof text, "%d px: The animal didn’t cross, it was too tired. ", px);
        sketch_text(list, 20, y, FACE_SANS, (float)px, 0x1A1F27, text);
        sketch_text(list, 700, y, FACE_MONO, (float)px, 0x0B5CAD, "-0.31 +1.27 = 0.96");
        sketch_text(list, 1060, y, FACE_SANS_BOLD, (float)px, 0xA8480A, "Bold Score");
    }
}

static void shapes(struct display_list *list)
{
    for (int i = 0; i < 10; i++) {
        float x = 820 + 44 * (float)i;
        sketch_round(list, (struct rect){x, 20, 38, 38}, 2 * (float)i, 0xFFFFFF, 1, 0x57606A);
        sketch_round(list, (struct rect){x, 64, 38, 38}, 2 * (float)i, 0x3B4BC8, 0, 0);
        sketch_round(list, (struct rect){x, 108, 38, 38}, 2 * (float)i, 0xFFFFFF, 3, 0xA8480A);
        sketch_item(list, ITEM_LINE, (struct rect){x, 160, 38, 4 * (float)i}, 0x1A1F27)->stroke =
            0.5f + 0.5f * (float)i;
        sketch_item(list, ITEM_LINE, (struct rect){x + 30, 230, -4 * (float)i, 50}, 0x0A7355)->stroke = 2;
        sketch_triangle(list, (const float[]){x, x + 20, x}, (const float[]){300, 310 + (float)i, 320 + (float)i},
                        0x1A1F27);
    }
}

int main(int argc, char **argv)
{
    struct display_list list = {0};
    struct fonts *fonts = NULL;
    struct str png = {0};
    sketch_page(&list, 1280, 800, 0xF6F7F9);
    words_of_the_world(&list);
    sizes(&list);
    shapes(&list);
    if (argc > 2)
        sketch_full_page(&list);
    struct qkv_err err = fonts_new(&fonts);
    if (!err.code)
        err = page_png(&list, fonts, &png);
    if (!err.code && argc > 1)
        err = file_write(argv[1], png.v, png.n);
    if (err.code)
        fprintf(stderr, "%s\n", err.what);
    str_finish(&png);
    fonts_free(fonts);
    display_finish(&list);
    return err.code != QKV_OK;
}
