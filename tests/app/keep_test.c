/* What leaves the window and comes back: sessions, pages and numbers as files, matrices and lines on the clipboard. */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "test_app.h"

#include "base/file.h"
#include "core/safetensors.h"
#include "lesson/text/csv.h"
#include "paint/paint.h"
#include "support/scratch.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- a clipboard of the test's own ---- */

static char *copied;

static char *clipboard_get(void)
{
    return copied ? strdup(copied) : NULL;
}

static void clipboard_set(const char *text)
{
    free(copied);
    copied = strdup(text);
}

static struct app start(const char *state)
{
    struct app app = app_at(NULL, state);
    app.clipboard = (struct clipboard){clipboard_get, clipboard_set};
    app.host.files = true;
    return app;
}

/* Type a path over what is in the field. */
static void enter(struct app *app, const char *path)
{
    assert_true(app->input.field.on);
    app_update(app, (struct action){.kind = ACTION_TEXT, .text = path});
    press(app, "Return");
}

/* ---- sessions ---- */

TEST(what_is_saved_opens_again)
{
    struct app other;
    OWN(app) app =
        start("lesson=causal-mask sentence=\"the dogs slept\" set=mask=none edit=W_Q,1,1,1:0.1 at=scores theme=dark");
    OWN(str) before = line_of(&app);
    press(&app, "C-s");
    assert_string_equal(str_text(&app.input.field.text), "causal-mask.session.yaml");
    enter(&app, in_scratch("mine"));
    assert_false(app.input.field.on);
    assert_said(&app, "mine.yaml");

    other = start("lesson=one-head at=Q");
    press(&other, "C-o");
    enter(&other, in_scratch("mine.yaml"));
    assert_false(other.input.field.on);
    assert_line(&other, before.v);
    give(&other, CMD_UNDO, 0);
    OWN(str) undone = line_of(&other);
    assert_non_null(strstr(undone.v, "lesson=one-head at=Q"));
    app_finish(&other);

    /* The same by name, with something else asked for. */
    assert_ok(app_init(&other, in_scratch("mine.yaml"), "sentence=it", fake_measure));
    assert_string_equal(other.doc.lesson->sentence.text, "it");
    assert_int_equal(edit_tree_size(other.doc.overrides.edits), 1);
    give(&other, CMD_UNDO, 0);
    assert_said(&other, "nothing to undo");
    app_finish(&other);
}

TEST(another_file_is_overwritten_only_when_asked_twice)
{
    struct str text = {0};
    OWN(app) app = start("lesson=one-head");
    assert_ok(file_write(in_scratch("there.yaml"), "precious", 8));
    press(&app, "C-s");
    enter(&app, in_scratch("there.yaml"));
    assert_true(app.input.field.on);
    assert_said(&app, "once more overwrites");
    assert_ok(file_read(in_scratch("there.yaml"), 100, &text));
    assert_string_equal(text.v, "precious");
    str_finish(&text);
    press(&app, "Return");
    assert_false(app.input.field.on);
    assert_ok(file_read(in_scratch("there.yaml"), 100000, &text));
    assert_true(session_is(text.v, text.n));
    str_finish(&text);

    /* It is now the session's own: no question, and its name stands there. */
    press(&app, "C-s");
    assert_string_equal(str_text(&app.input.field.text), in_scratch("there.yaml"));
    press(&app, "Return");
    assert_false(app.input.field.on);
    assert_said(&app, "Saved as");

    /* Another lesson is none of its own. */
    give(&app, CMD_LESSON, 1);
    press(&app, "C-s");
    enter(&app, in_scratch("there.yaml"));
    assert_true(app.input.field.on);
}

static const struct refused_case {
    const char *name, *key, *file, *said; /* file: in the folder, unless it is blank */
} refused_cases[] = {
    {"a session that is wrong", "C-o", "broken.yaml", "Line 4, column 3"},
    {"a file that is not there", "C-o", "not-there.yaml", "cannot open"},
    {"a folder that is not there", "C-s", "no/such/folder.yaml", "cannot write"},
    {"an ending that nothing is exported as", "C-e", "page.gif", ".safetensors"},
    {"no name", "C-o", "   ", "name of a file"},
};

TEST_ROWS(what_cannot_be_opened_or_saved_is_said_and_changes_nothing, refused_cases, c)
{
    static const char broken[] = "qkv session: 1\nlesson: one-head\nplace:\n  at: nowhere\n";
    OWN(app) app = start("lesson=one-head edit=W_Q,1,1,1:2 at=scores");
    OWN(str) before = line_of(&app);
    assert_ok(file_write(in_scratch("broken.yaml"), broken, sizeof broken - 1));
    press(&app, c->key);
    enter(&app, c->file[0] == ' ' ? c->file : in_scratch(c->file));
    assert_true(app.input.field.on);
    assert_said(&app, c->said);
    press(&app, "Escape");
    app.host.files = false;
    press(&app, c->key);
    assert_false(app.input.field.on);
    assert_line(&app, before.v);
    assert_int_equal(app.history.undo.n, 0);
}

/* The way back is said where changes are left behind, and only there. */
TEST(a_lesson_is_opened_by_name_as_well)
{
    OWN(app) app = start("lesson=one-head");
    press(&app, "C-o");
    enter(&app, "tiles");
    assert_string_equal(app.doc.lesson->name, "tiles");
    assert_string_equal(app.message, "");
    assert_ok(state_apply(&app, "edit=X,1,1,1:2"));
    give(&app, CMD_LESSON, 1);
    assert_said(&app, "Opened. Ctrl+Z goes back");
}

TEST(a_copied_line_opens_anywhere)
{
    static const char lesson[] = "title: t\nsummary: s\nsentence: x y\nweights: {source: glass, heads: [pronoun]}\n";
    assert_ok(file_write(in_scratch("own.yaml"), lesson, sizeof lesson - 1));
    assert_int_equal(chdir(scratch_folder()), 0);
    OWN(app) app = app_at("./own.yaml", NULL);
    app.clipboard = (struct clipboard){clipboard_get, clipboard_set};
    assert_ok(state_apply(&app, "sentence=\"it's here\" at=scores"));
    press(&app, "C-l");
    assert_said(&app, "qkv --state");
    assert_null(strchr(copied, '\''));
    assert_int_equal(chdir("/"), 0);
    OWN(app) other = app_at(NULL, copied);
    assert_string_equal(str_text(&other.doc.source->given), in_scratch("own.yaml"));
    assert_string_equal(other.doc.lesson->sentence.text, "it's here");
}

/* ---- the clipboard ---- */

static const struct tensor *tensor_named(const struct app *app, const char *name)
{
    return value_of(&app->doc.lesson->tape, name);
}

TEST(a_matrix_goes_to_the_clipboard_and_comes_back)
{
    OWN(tensor) read = {0};
    OWN(app) app = start("lesson=several-heads at=scores head=2");
    press(&app, "C-c");
    assert_said(&app, "scores of head 2");
    assert_ok(csv_read(copied, strlen(copied), &read));
    const struct tensor *scores = tensor_named(&app, "scores");
    for (size_t i = 0; i < tensor_cells(&read); i++)
        assert_true(read.v[i] == scores->v[tensor_cells(&read) + i]);

    /* A matrix with its labels, from its first cell on: as it was, and nothing to undo. */
    assert_ok(state_apply(&app, "at=Q cell=W_Q,1,1,1"));
    press(&app, "C-c");
    assert_said(&app, "W_Q");
    press(&app, "C-v");
    double before = tensor_named(&app, "W_Q")->v[0];
    clipboard_set("1.5\t-2\n0.25\t1e-3\n");
    assert_ok(state_apply(&app, "at=Q cell=W_Q,1,2,3"));
    size_t changes = app.history.undo.n;
    press(&app, "C-v");
    assert_said(&app, "4 numbers pasted");
    const struct tensor *w = tensor_named(&app, "W_Q");
    assert_true(*tensor_at(w, 0, 1, 2) == 1.5 && *tensor_at(w, 0, 1, 3) == -2);
    assert_true(*tensor_at(w, 0, 2, 2) == 0.25 && *tensor_at(w, 0, 2, 3) == 1e-3);
    assert_true(w->v[0] == before);
    assert_int_equal(app.history.undo.n, changes + 1);
    give(&app, CMD_UNDO, 0);
    assert_true(*tensor_at(tensor_named(&app, "W_Q"), 0, 1, 2) != 1.5);
}

/* A given matrix and a computed one, where tokens are columns: each is copied on its side. */
TEST(where_tokens_are_columns_a_matrix_leaves_and_comes_back_on_its_side)
{
    static const char *const places[][2] = {{"scores", "at=scores head=1! tokens=columns"},
                                            {"W_Q", "at=Q cell=W_Q,1,1,1 tokens=columns"}};
    OWN(app) app = start("lesson=several-heads");
    for (size_t i = 0; i < 2; i++) {
        OWN(tensor) read = {0};
        assert_ok(state_apply(&app, places[i][1]));
        press(&app, "C-c");
        assert_ok(csv_read(copied, strlen(copied), &read));
        const struct tensor *t = tensor_named(&app, places[i][0]);
        assert_int_equal(read.axis[AXIS_ROW].size, t->axis[AXIS_COL].size);
        for (size_t r = 0; r < t->axis[AXIS_ROW].size; r++)
            for (size_t c = 0; c < t->axis[AXIS_COL].size; c++)
                assert_true(*tensor_at(&read, 0, c, r) == *tensor_at(t, 0, r, c));
    }
    double before = *tensor_at(tensor_named(&app, "W_Q"), 0, 3, 0);
    press(&app, "C-v");
    const struct tensor *w = tensor_named(&app, "W_Q");
    assert_true(*tensor_at(w, 0, 3, 0) == before && *tensor_at(w, 0, 0, 3) != before);
    clipboard_set("1.5\t-2\n"); /* along the page's row, down the column of W_Q */
    assert_ok(state_apply(&app, "at=Q cell=W_Q,1,2,3 tokens=columns"));
    press(&app, "C-v");
    w = tensor_named(&app, "W_Q");
    assert_true(*tensor_at(w, 0, 1, 2) == 1.5 && *tensor_at(w, 0, 2, 2) == -2);
    clipboard_set("1\t2\n");
    assert_ok(state_apply(&app, "at=Q cell=W_Q,1,12,3 tokens=columns"));
    press(&app, "C-v");
    assert_said(&app, "1 x 2 numbers do not fit: from row 3, column 12 on W_Q");
}

static struct paste_case {
    const char *name, *state, *text, *said;
} paste_cases[] = {
    {"a letter is refused with its row and column", "at=Q cell=W_Q,1,1,1", "1\t2\n3\tx\n", "row 2, column 2"},
    {"numbers that go beyond the last row are refused", "at=Q cell=W_Q,1,8,1", "1\n2\n", "from row 8, column 1 on W_Q"},
    {"numbers that go beyond the last column are refused", "at=Q cell=W_Q,1,1,4", "1\t2\n", "from row 1, column 4"},
    {"infinity is refused", "at=Q cell=W_Q,1,1,1", "inf\n", "cannot be pasted"},
    {"nothing is refused", "at=Q cell=W_Q,1,1,1", "", "nothing to paste"},
    {"a computed number is refused", "at=scores cell=scores,1,1,1", "1", "computed"},
    {"without a cell it is refused", "at=scores", "1", "Point at a number"},
};

TEST_ROWS(what_does_not_fit_is_refused, paste_cases, c)
{
    OWN(app) app = start("lesson=one-head");
    assert_ok(state_apply(&app, c->state));
    OWN(str) before = line_of(&app);
    clipboard_set(c->text);
    press(&app, "C-v");
    assert_said(&app, c->said);
    assert_line(&app, before.v);
}

TEST(a_mask_takes_ones_and_noughts_only)
{
    OWN(app) app = start("lesson=padding at=masked cell=mask,1,1,2");
    clipboard_set("0,1,0");
    press(&app, "C-v");
    for (size_t i = 0; i < 3; i++)
        assert_true(*tensor_at(tensor_named(&app, "mask"), 0, 0, 1 + i) == (double)(i == 1));
    clipboard_set("0.5");
    press(&app, "C-v");
    assert_string_not_equal(app.message, "");
    assert_true(*tensor_at(tensor_named(&app, "mask"), 0, 0, 1) == 0);
}

/* ---- exports ---- */

TEST(the_ending_says_what_is_exported)
{
    OWN(app) app;
    struct fonts *fonts;
    OWN(str) page = {0}, again = {0}, table = {0};
    OWN(named_tensors) tensors = {0};
    assert_ok(fonts_new(&fonts));
    assert_ok(app_init(&app, "several-heads", NULL, fonts_measure(fonts)));
    assert_ok(state_apply(&app, "at=scores head=2"));
    app.host = (struct host){.files = true, .fonts = fonts};

    press(&app, "C-e");
    assert_string_equal(str_text(&app.input.field.text), "several-heads-scores.png");
    enter(&app, in_scratch("page.png"));
    assert_said(&app, "The page is in");
    assert_ok(file_read(in_scratch("page.png"), 1 << 24, &page));
    assert_memory_equal(page.v, "\x89PNG", 4);
    str_finish(&page);

    /* The page, without the field it was asked for in. */
    press(&app, "C-e");
    enter(&app, in_scratch("page.SVG"));
    assert_ok(file_read(in_scratch("page.SVG"), 1 << 24, &page));
    assert_null(strstr(page.v, "Export"));
    assert_non_null(strstr(page.v, "Score"));

    press(&app, "C-e");
    enter(&app, in_scratch("numbers.csv"));
    assert_said(&app, "scores of head 2 is in");
    assert_ok(file_read(in_scratch("numbers.csv"), 1 << 24, &again));
    csv_write(tensor_named(&app, "scores"), 1, ',', false, &table);
    assert_string_equal(again.v, table.v);

    press(&app, "C-e");
    enter(&app, in_scratch("all.safetensors"));
    assert_ok(safetensors_read(in_scratch("all.safetensors"), &tensors));
    assert_int_equal(tensors.n, app.doc.lesson->tape.n);
    fonts_free(fonts);
}

static void forget(void)
{
    free(copied);
    scratch_folder_remove();
}

TEST_GROUP(scratch_folder_make, forget)
