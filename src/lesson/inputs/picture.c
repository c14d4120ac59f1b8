/* Pictures whose parts are the tokens of a sequence, and the inputs that are made of their pixels. */
#include "lesson/inputs/inputs.h"
#include "lesson/text/builtin.h"

#define ZLIB_CONST /* so that its input may be const */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const struct field sequence_fields[] = {
    {"labels", NODE_LIST, false, "plain labels: [a, b, c]"},
    {"image", NODE_TEXT, false, "a PNG or JPEG file in the lesson's folder"},
    {"patch", NODE_TEXT, false, "the side of a square patch, in pixels"},
    {"columns", NODE_TEXT, false, "the width of a vertical strip, in pixels"},
    {"regions", NODE_MAPPING, false, "named parts of the picture: {cat: [x, y, width, height]}"},
    {"noun", NODE_TEXT, false, "what the steps call one of them: frame"},
    {0},
};

/* ---- decoding ---- */

static bool is_png(const struct str *bytes)
{
    return bytes->n >= 8 && memcmp(str_text(bytes), "\x89PNG\r\n\x1a\n", 8) == 0;
}

static struct qkv_err check_size(long width, long height)
{
    if (width < 1 || height < 1 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "the picture is %ldx%ld; at most %dx%d", width, height, PICTURE_SIDE_MAX,
                        PICTURE_SIDE_MAX);
    return (struct qkv_err){0};
}

static size_t big_endian(const unsigned char *at)
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

/* Does the compressed part unpack to at most so many bytes? libpng would unpack all of it, however small the
 * picture. */
static struct qkv_err check_unpacked(const unsigned char *png, size_t n, size_t most)
{
    unsigned char scratch[32 * 1024];
    z_stream z = {0};
    if (inflateInit(&z) != Z_OK)
        return qkv_nomem("the picture");
    int state = Z_OK;
    for (size_t at = 8, length; at + 12 <= n && state == Z_OK && z.total_out <= most; at += length + 12) {
        length = big_endian(png + at);
        if (length > n - at - 12)
            break; /* libpng says what is wrong with it */
        z.next_in = png + at + 8;
        z.avail_in = memcmp(png + at + 4, "IDAT", 4) == 0 ? (unsigned)length : 0;
        while (z.avail_in && state == Z_OK && z.total_out <= most) {
            z.next_out = scratch;
            z.avail_out = sizeof scratch;
            state = inflate(&z, Z_NO_FLUSH);
        }
    }
    size_t unpacked = z.total_out;
    inflateEnd(&z);
    if (state == Z_MEM_ERROR)
        return qkv_nomem("the picture");
    if (unpacked > most)
        return qkv_errf(QKV_ERR_LIMIT, "the PNG unpacks to more than its %zu bytes of pixels", most);
    return (struct qkv_err){0};
}

/* Of the header alone, before anything is unpacked. */
static struct qkv_err check_png(const unsigned char *png, size_t n)
{
    if (n < 33 || memcmp(png + 12, "IHDR", 4) != 0)
        return qkv_errf(QKV_ERR_SYNTAX, "no PNG that can be read: it has no header");
    const size_t width = big_endian(png + 16), height = big_endian(png + 20);
    struct qkv_err err = check_size((long)width, (long)height);
    /* 16 bits in 4 channels; a byte before each row; at most twice as many, shorter rows where it is interlaced. */
    return err.code ? err : check_unpacked(png, n, height * (width * 8 + 4) + 64);
}

/* PNG is read here, so that built-in lessons need no other decoder. */
static struct qkv_err decode_png(struct arena *arena, const struct str *bytes, struct picture *ret)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    struct qkv_err err = check_png((const unsigned char *)str_text(bytes), bytes->n);
    if (err.code)
        return err;
    if (!png_image_begin_read_from_memory(&image, str_text(bytes), bytes->n))
        return strstr(image.message, "memory") ? qkv_nomem("the picture")
                                               : qkv_errf(QKV_ERR_SYNTAX, "no PNG that can be read: %s", image.message);
    image.format = PNG_FORMAT_RGBA;
    unsigned char *rgba = arena_array(arena, (size_t)image.width * image.height, 4);
    if (!rgba)
        err = qkv_nomem("the picture");
    else if (!png_image_finish_read(&image, NULL, rgba, 0, NULL))
        err = strstr(image.message, "memory") ? qkv_nomem("the picture")
                                              : qkv_errf(QKV_ERR_SYNTAX, "a broken PNG: %s", image.message);
    png_image_free(&image);
    if (!err.code)
        *ret = (struct picture){rgba, (int)image.width, (int)image.height};
    return err;
}

static struct qkv_err decode_other(struct arena *arena, const struct str *bytes, const struct lesson_options *options,
                                   struct picture *ret)
{
    unsigned char *rgba = NULL, *copy = NULL;
    int width = 0, height = 0;
    if (!options->decode_image)
        return qkv_errf(QKV_ERR_DOMAIN, "only PNG can be read here");
    struct qkv_err err = options->decode_image(str_text(bytes), bytes->n, &rgba, &width, &height);
    if (!err.code)
        err = check_size(width, height);
    if (!err.code && !(copy = arena_array(arena, (size_t)width * (size_t)height, 4)))
        err = qkv_nomem("the picture");
    if (!err.code) {
        memcpy(copy, rgba, (size_t)width * (size_t)height * 4);
        *ret = (struct picture){copy, width, height};
    }
    free(rgba);
    return err;
}

static bool read_picture(struct reader *r, const struct node *name, const struct lesson_options *options,
                         const char *folder, struct picture *ret)
{
    struct str bytes = {0};
    bool fine =
        file_read_named(r, name, folder, PICTURE_BYTES_MAX, &bytes) &&
        is_fine(r, name,
                is_png(&bytes) ? decode_png(r->arena, &bytes, ret) : decode_other(r->arena, &bytes, options, ret));
    str_finish(&bytes);
    return fine;
}

/* ---- cutting ---- */

/* The parts that the picture of a sequence is cut into. */
struct parts {
    const char **labels;
    struct region *regions;
};

static bool parts_init(struct reader *r, const struct node *at, size_t n, struct sequence *of, struct parts *ret)
{
    if (n == 0 || n > WORDS_MAX)
        return diagnostic(r, at, QKV_ERR_LIMIT, "this makes %zu parts; 1 to %d can be walked", n, WORDS_MAX);
    *ret =
        (struct parts){arena_array(r->arena, n, sizeof *ret->labels), arena_array(r->arena, n, sizeof *ret->regions)};
    of->words = (struct words){ret->labels, n};
    of->regions = ret->regions;
    return (ret->labels && ret->regions) || diagnostic_nomem(r, "the parts of a picture");
}

/* Left to right, top to bottom. A strip is a patch as high as the picture. */
static bool cut_grid(struct reader *r, const struct node *at, bool strips, struct sequence *ret)
{
    struct picture *picture = &ret->picture;
    struct parts parts;
    long side = 0;
    if (!node_whole(r, at, strips ? "columns" : "patch", 1, PICTURE_SIDE_MAX, &side))
        return false;
    const int width = (int)side, height = strips ? picture->height : width;
    if (picture->width % width || picture->height % height)
        return diagnostic(r, at, QKV_ERR_SHAPE, "the picture is %dx%d: %d does not divide %s", picture->width,
                          picture->height, width, strips ? "its width" : "its sides");
    const int across = picture->width / width, down = picture->height / height;
    if (!parts_init(r, at, (size_t)across * (size_t)down, ret, &parts))
        return false;
    for (int i = 0; i < across * down; i++) {
        struct str label = {0};
        if (!strips)
            str_addf(&label, "%d,", i / across + 1);
        str_addf(&label, "%d", i % across + 1);
        parts.regions[i] = (struct region){i % across * width, i / across * height, width, height};
        if (!(parts.labels[i] = str_keep(&label, r->arena)))
            return diagnostic_nomem(r, "the parts of a picture");
    }
    return true;
}

static bool read_region(struct reader *r, const struct node *node, const struct picture *picture, struct region *ret)
{
    const int limits[] = {picture->width, picture->height, picture->width, picture->height};
    static const char *const names[] = {"x", "y", "the width", "the height"};
    long v[4] = {0};
    size_t i = 0;
    if (node->kind != NODE_LIST || node->n != 4)
        return diagnostic(r, node, QKV_ERR_SYNTAX, "a region is [x, y, width, height]");
    for (const struct node *item = node->first; item; item = item->next, i++)
        if (!node_whole(r, item, names[i], i / 2, limits[i], &v[i]))
            return false;
    if (v[0] + v[2] > picture->width || v[1] + v[3] > picture->height)
        return diagnostic(r, node, QKV_ERR_DOMAIN, "this region ends outside the picture, which is %dx%d",
                          picture->width, picture->height);
    *ret = (struct region){(int)v[0], (int)v[1], (int)v[2], (int)v[3]};
    return true;
}

static bool cut_regions(struct reader *r, const struct node *regions, struct sequence *ret)
{
    struct parts parts;
    if (!parts_init(r, regions, regions->n, ret, &parts))
        return false;
    size_t i = 0;
    for (const struct node *node = regions->first; node; node = node->next, i++) {
        if (!word_check(r, node->key) || !read_region(r, node, &ret->picture, &parts.regions[i]))
            return false;
        parts.labels[i] = node->key->text;
    }
    return true;
}

/* The noun of a token: the lesson's, else by the kind of part. */
static bool read_noun(struct reader *r, const struct node *mapping, const char **ret)
{
    const struct node *noun = node_field(mapping, "noun");
    struct words pieces;
    *ret = node_field(mapping, "patch")     ? "patch"
           : node_field(mapping, "columns") ? "strip"
           : node_field(mapping, "regions") ? "region"
                                            : "token";
    if (!noun)
        return true;
    *ret = noun->text;
    if (noun->bytes <= NOUN_BYTES_MAX && !tokens_split(r->arena, noun->text, NULL, &pieces).code && pieces.n == 1)
        return true;
    return diagnostic(r, noun, QKV_ERR_SYNTAX, "a noun is one word of at most %d bytes: frame", NOUN_BYTES_MAX);
}

/* The text of a sequence that was not given as text: its tokens, with blanks between. */
static bool join_words(struct reader *r, struct sequence *ret)
{
    struct str text = {0};
    for (size_t i = 0; i < ret->words.n; i++)
        str_addf(&text, "%s%s", i ? " " : "", ret->words.v[i]);
    ret->text = str_keep(&text, r->arena);
    return ret->text || diagnostic_nomem(r, "the sentence");
}

bool sequence_read(struct reader *r, const struct node *mapping, const char *what, const struct lesson_options *options,
                   const char *folder, struct sequence *ret)
{
    if (!fields_check(r, mapping, sequence_fields, what) || !read_noun(r, mapping, &ret->noun))
        return false;
    const struct node *labels = node_field(mapping, "labels"), *image = node_field(mapping, "image");
    const struct node *patch = node_field(mapping, "patch"), *columns = node_field(mapping, "columns"),
                      *regions = node_field(mapping, "regions");
    const int ways = (patch != NULL) + (columns != NULL) + (regions != NULL);
    if (image ? ways != 1 || labels : !labels || ways)
        return diagnostic(r, mapping, QKV_ERR_SYNTAX,
                          "%s is a text, or {labels: [...]}, or {image: FILE} with one of patch, columns and regions",
                          what);
    if (labels)
        return words_read_list(r, labels, &ret->words) && join_words(r, ret);
    return read_picture(r, image, options, folder, &ret->picture) &&
           (regions ? cut_regions(r, regions, ret) : cut_grid(r, patch ? patch : columns, !patch, ret)) &&
           join_words(r, ret);
}

/* ---- numbers ---- */

/* "pixels 2x2 rgb": the cells of a region, each of which gives its mean brightness or its mean colours. */
struct sampling {
    int across, down;
    bool colour;
};

static bool read_sampling(struct reader *r, const struct node *node, struct sampling *ret)
{
    const char *colour = strstr(node->text, " rgb");
    int cells = colour ? (int)(colour - node->text) : (int)node->bytes, read = 0;
    *ret = (struct sampling){2, 2, colour != NULL};
    sscanf(node->text, "pixels%n %2dx%2d%n", &read, &ret->across, &ret->down, &read);
    bool fine = read == cells && (!colour || !colour[4]) && ret->across >= 1 && ret->across <= 32 && ret->down >= 1 &&
                ret->down <= 32;
    return fine ||
           diagnostic(r, node, QKV_ERR_SYNTAX,
                      "'%.40s' is neither rows of numbers nor 'pixels', 'pixels 3x2' or 'pixels 2x2 rgb'", node->text);
}

/* The mean of one colour, or of the brightness, over a part of the picture: 0 black, 1 white, on white paper. */
static double mean_of(const struct picture *picture, struct region part, int colour)
{
    static const double share[] = {0.299, 0.587, 0.114}; /* how bright red, green and blue are (ITU-R BT.601) */
    double sum = 0;
    for (int y = part.y; y < part.y + part.h; y++)
        for (int x = part.x; x < part.x + part.w; x++) {
            const unsigned char *at = &picture->rgba[((size_t)y * (size_t)picture->width + (size_t)x) * 4];
            const double opaque = at[3] / 255.0;
            for (int c = 0; c < 3; c++)
                if (colour < 0 || colour == c)
                    sum += (at[c] / 255.0 * opaque + 1 - opaque) * (colour < 0 ? share[c] : 1);
        }
    return sum / ((double)part.w * part.h);
}

static const char *cell_name(struct inputs *in, const struct sampling *sampling, int i)
{
    static const char *const colours[] = {"red ", "green ", "blue "};
    static const char *const alone[] = {"red", "green", "blue", "brightness"};
    if (sampling->across * sampling->down == 1)
        return alone[sampling->colour ? i : 3];
    const int cell = sampling->colour ? i / 3 : i;
    const bool in_rows = sampling->across > 1 && sampling->down > 1;
    struct str text = {0};
    str_add(&text, sampling->colour ? colours[i % 3] : "");
    if (in_rows)
        str_addf(&text, "%d,", cell / sampling->across + 1);
    str_addf(&text, "%d", (in_rows ? cell % sampling->across : cell) + 1);
    return str_keep(&text, in->r->arena);
}

static bool name_cells(struct inputs *in, const struct sampling *sampling, struct axis *cols)
{
    const char **names = arena_array(in->r->arena, cols->size, sizeof *names);
    bool fine = names != NULL;
    for (size_t i = 0; i < cols->size && fine; i++)
        fine = (names[i] = cell_name(in, sampling, (int)i)) != NULL;
    if (!fine)
        diagnostic_nomem(in->r, "labels");
    cols->labels = names;
    return fine;
}

bool inputs_pixels(struct inputs *in, const struct node *text, const struct tensor_info *info)
{
    struct sampling sampling;
    const struct shape *shape = inputs_shape(in, info, 2);
    const struct lesson *lesson = in->lesson;
    if (!read_sampling(in->r, text, &sampling))
        return false;
    const struct words *words = shape->depth ? inputs_words(in, shape->dim[0]) : NULL;
    const struct sequence *sequence = words == &lesson->memory.words ? &lesson->memory : &lesson->sentence;
    const struct region *regions = sequence->regions;
    if (words && !inputs_own_words(in, text, info->name, words))
        return false;
    if (!words || !regions)
        return diagnostic(in->r, text, QKV_ERR_DOMAIN, "%s: pixels need a picture; its words come from none",
                          info->name);
    for (size_t i = 0; i < words->n; i++)
        if (regions[i].w < sampling.across || regions[i].h < sampling.down)
            return diagnostic(in->r, text, QKV_ERR_SHAPE, "'%.40s' is %dx%d pixels: too few for %dx%d cells",
                              words->v[i], regions[i].w, regions[i].h, sampling.across, sampling.down);
    const size_t cells = (size_t)sampling.across * (size_t)sampling.down * (sampling.colour ? 3 : 1);
    struct tensor t = {0};
    if (!inputs_tensor(in, text, info, shape->depth, (size_t[]){words->n, cells}, &t))
        return false;
    if (!t.axis[AXIS_COL].labels && !name_cells(in, &sampling, &t.axis[AXIS_COL])) {
        tensor_finish(&t);
        return false;
    }
    t.pixels = sampling.colour ? PIXELS_RGB : PIXELS_BRIGHTNESS;
    t.pixels_across = (size_t)sampling.across;
    for (size_t i = 0; i < words->n; i++)
        for (size_t c = 0; c < cells; c++) {
            const int cell = (int)(sampling.colour ? c / 3 : c), x = cell % sampling.across, y = cell / sampling.across;
            const struct region *of = &regions[i];
            const int left = of->w * x / sampling.across, top = of->h * y / sampling.down;
            const struct region part = {of->x + left, of->y + top, of->w * (x + 1) / sampling.across - left,
                                        of->h * (y + 1) / sampling.down - top};
            /* To two decimals: what is shown is all there is. */
            double mean = mean_of(&sequence->picture, part, sampling.colour ? (int)(c % 3) : -1);
            *tensor_at(&t, 0, i, c) = (double)(long)(mean * 100 + 0.5) / 100;
        }
    return inputs_add(in, text, info, &t);
}
