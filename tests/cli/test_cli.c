/* The built program, run by a shell as its users run it: exit statuses, what is printed where, and what stays on the
 * disk. argv[1] is the program; rows call it "$QKV". They run in a folder of their own that holds in.safetensors (a
 * small attention with two heads in mind), its spoilt variants, and lesson files. */
#include "support/check.h"
#include "support/sample.h"

#include "core/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN                "\"$QKV\" run attention --tensors in.safetensors "
#define SAVE               "--save out.safetensors "
/* Nothing new may lie in the folder `made` after a failure; the row's command follows. */
#define INTO_MADE(tensors) "rm -rf made; mkdir made; \"$QKV\" run attention --tensors " tensors " --save made/out"
#define AND_NOTHING_MADE   "; status=$?; ls -A made; exit $status"

static struct cli_case {
    const char *name, *command;
    int status;
    const char *out, *err; /* a part of what is printed; NULL: nothing is */
} cases[] = {
    {"-V prints the version", "\"$QKV\" -V", 0, "qkv " QKV_VERSION, NULL},
    {"help is --help", "\"$QKV\" help > a; \"$QKV\" --help | cmp - a", 0, NULL, NULL},
    {"help of a command is its --help", "\"$QKV\" help walk > a; \"$QKV\" walk --help | cmp - a", 0, NULL, NULL},
    {"help of what is no command gets a proposal", "\"$QKV\" help wakl", 2, NULL, "did you mean 'walk'?"},
    {"--version prints the version", "\"$QKV\" --version", 0, "qkv " QKV_VERSION, NULL},
    {"--help lists the commands", "\"$QKV\" --help", 0, "  mechanisms ", NULL},
    {"--help gives examples", "\"$QKV\" -h", 0, "qkv run attention --tensors", NULL},
    {"every command that --help lists has a help of its own",
     "\"$QKV\" --help | sed -n '/^commands:/,/^$/s/^  \\([a-z]*\\) .*/\\1/p' > names; test $(wc -l < names) -ge 4 && "
     "while read -r c; do \"$QKV\" $c --help > help && grep -q \"^usage: qkv $c\" help && grep -q '^examples:' help || "
     "exit 9; done < names",
     0, NULL, NULL},
    {"a command's help names its options", "\"$QKV\" run --help", 0, "--gradient FILE", NULL},
    {"help wins over what is missing", "\"$QKV\" run attention --help", 0, "usage: qkv run MECHANISM --tensors FILE",
     NULL},

    {"an unknown option is wrong usage", "\"$QKV\" list --zzz", 2, NULL, "qkv: unknown option '--zzz'\n"},
    {"a misspelt option gets a proposal", "\"$QKV\" run attention --tensor x", 2, NULL, "did you mean '--tensors'?"},
    {"an unknown short option is wrong usage", "\"$QKV\" list -z", 2, NULL, "unknown option '-z'"},
    {"an option without its value is wrong usage", "\"$QKV\" run attention --save", 2, NULL, "--save wants a value"},
    {"a value for a flag is wrong usage", "\"$QKV\" --version=2", 2, NULL, "--version takes no value"},
    {"an option of another command is wrong usage", "\"$QKV\" list --save x", 2, NULL,
     "qkv: list: --save is not an option of this command\ntry: qkv list --help"},
    {"an option given twice is wrong usage", RUN SAVE "--save other", 2, NULL, "--save is given twice"},
    {"a --set without = is wrong usage", RUN SAVE "--set heads", 2, NULL, "--set wants KEY=VALUE"},
    {"a missing argument is wrong usage", "\"$QKV\" check", 2, NULL, "qkv: check: FILE... is missing"},
    {"an argument too many is wrong usage", "\"$QKV\" list one two", 2, NULL, "one argument too many: 'one'"},
    {"a missing required option is wrong usage", RUN, 2, NULL, "qkv: run: --save FILE is missing"},
    {"after -- nothing is an option", "\"$QKV\" check -- --help", 1, NULL, "--help"},
    {"control characters of a word do not reach the terminal", "\"$QKV\" list \"$(printf 'a\\033b')\"", 2, NULL,
     "'a?b'"},
    {"neither do those that UTF-8 writes with two bytes", "\"$QKV\" list \"$(printf 'a\\302\\233b')\"", 2, NULL,
     "'a?b'"},
    {"no text of a lesson makes the terminal obey",
     "printf 'title: \"t\\\\e[31m\"\\nsummary: \"\\\\x9b2J\"\\nsentence: a cat\\nweights: {source: random, seed: "
     "1}\\n' "
     "> obey.yaml; \"$QKV\" walk obey.yaml > walked && LC_ALL=C tr -d '\\n' < walked | "
     "LC_ALL=C grep -c -P '[\\x00-\\x1f\\x7f]|\\xc2[\\x80-\\x9f]'; grep -o 't?.31m' walked",
     0, "0\nt?[31m", NULL},
    {"a stack that is too small is told of", "ulimit -s 64; \"$QKV\" render one-head -o small.png", 1, NULL,
     "qkv: start: the stack is limited to 64 kB, and at least 512 are needed"},
    {"one that may grow does", "ulimit -S -s 64; \"$QKV\" render one-head -o small.png && rm small.png", 0, "1 page in",
     NULL},
    {"a pipe in the place of a file is refused at once", "mkfifo pipe; \"$QKV\" check pipe", 1, NULL,
     "cannot read pipe: it is a pipe and not a file"},
    {"in the place of tensors, too", "\"$QKV\" run attention --tensors pipe --save out", 1, NULL, "it is a pipe"},

    {"list names the lessons, a line each", "\"$QKV\" list", 0, "one-head\t", NULL},
    {"list into a full disk fails", "\"$QKV\" list > /dev/full", 1, NULL, "qkv: standard output: No space left"},
    {"list without a standard output fails", "\"$QKV\" list >&-", 1, NULL, "qkv: standard output: "},
    {"a closed standard error is no reason to crash", "\"$QKV\" list nonsense 2>&-", 2, NULL, NULL},

    {"walk has every step with its formula", "\"$QKV\" walk one-head", 0, "S = Q K^T\n  scores [1, 7, 7]", NULL},
    {"other weights can be chosen", "\"$QKV\" walk one-head --weights '{source: random, seed: 7, d_k: 3}'", 0,
     "given: W_Q [1, 8, 3]", NULL},
    {"weights that are none are told", "\"$QKV\" walk one-head --weights random", 2, NULL,
     "qkv: walk: --weights random: weights needs 'source'"},
    {"a setting that does not fit the lesson is wrong usage, and is named", "\"$QKV\" walk one-head --set heads=2", 2,
     NULL, "qkv: walk: --set heads=2: heads is 2"},
    {"a misspelt setting of a lesson is wrong usage", "\"$QKV\" walk one-head --set head=2", 2, NULL,
     "did you mean 'heads'?"},
    {"one step is walked", "\"$QKV\" walk one-head --at scores | grep -c '^step '", 0, "1\n", NULL},
    {"a misspelt step to walk to gets a proposal", "\"$QKV\" walk one-head --at score", 2, NULL,
     "there is no step 'score' in one-head; did you mean 'scores'? There are: X, Q, "},
    {"a step is JSON", "\"$QKV\" walk one-head --at scores --json", 0,
     "\"shape\": [1, 7, 7], \"rows\": [\"The\", \"cat\", ", NULL},
    {"all steps are JSON that another program reads",
     "\"$QKV\" walk causal-mask --json | python3 -c 'import json, sys; s = json.load(sys.stdin)[\"steps\"]; "
     "m = [t for t in s if t[\"name\"] == \"masked\"][0]; print(len(m[\"values\"][0]), m[\"values\"][0][0][1])'",
     0, "7 None\n", NULL},
    {"tables stand straight whatever the script",
     "\"$QKV\" walk one-head --sentence '小狗 it' --at scores | sed -n '/^    小/p;/^    it/p' | tr -s '\\n' | head -2",
     0, "    小狗  0.00  0.00\n    it    5.00  2.00", NULL},
    {"walk shows what was given", "\"$QKV\" walk one-head", 0, "given: W_Q [1, 8, 4]", NULL},
    {"walk has the arithmetic of the cells its words point at", "\"$QKV\" walk one-head", 0, "] = ", NULL},
    {"walk shows tokens as columns", "\"$QKV\" walk one-head --tokens columns", 0,
     "S = K^T Q\n  scores [1, 7, 7]  column: the word that looks; row: the word looked at", NULL},
    {"tokens as columns leave the weights what they are", "\"$QKV\" walk one-head --tokens columns", 0,
     "given: W_Q^T [1, 4, 8]", NULL},
    {"a table is as it is seen: tokens as columns", "\"$QKV\" walk one-head --tokens columns --csv Q", 0,
     ",The,cat,sat,because,it,was,tired\r\nnoun,0,0,0,0,3,0,0\r\n", NULL},
    {"saved tensors have a token a row, whatever is seen",
     "\"$QKV\" walk one-head --save a.st && \"$QKV\" walk one-head --tokens columns --save b.st && cmp a.st b.st && rm "
     "a.st b.st",
     0, NULL, NULL},
    {"tokens are rows or columns", "\"$QKV\" walk one-head --tokens sideways", 2, NULL,
     "--tokens wants rows or columns, not 'sideways'"},
    {"walk without a lesson takes the first", "\"$QKV\" walk > first; \"$QKV\" walk one-head | cmp - first", 0, NULL,
     NULL},
    {"walk takes a path", "\"$QKV\" walk \"$QKV_TESTS\"/../lessons/one-head.yaml | cmp - first", 0, NULL, NULL},
    {"walk says what a lesson is beside of, and what is set otherwise there", "\"$QKV\" walk tiles", 0,
     "\nbeside: full attention (evaluation=full)\n", NULL},
    {"walk shows the compared numbers of the other side", "\"$QKV\" walk linear-attention", 0,
     "  beside, softmax attention: heads [1, 7, 4]\n", NULL},
    {"walk says how far the other side is", "\"$QKV\" walk linear-attention", 0,
     "  ≠ softmax attention: largest difference 0.58\n", NULL},
    {"walk says what both computed alike", "\"$QKV\" walk linear-attention", 0,
     "  = softmax attention: no difference\n", NULL},
    {"walk says that a lesson claims equality", "\"$QKV\" walk tiles", 0, "; the lesson says that both are equal\n",
     NULL},
    {"walk of a lesson that is beside nothing says nothing of it", "\"$QKV\" walk one-head | grep beside:; true", 0,
     NULL, NULL},
    {"walk takes another sentence", "\"$QKV\" walk one-head --sentence 'The dog slept because it was old'", 0,
     "\n    dog ", NULL},
    {"walk takes a setting", "\"$QKV\" walk one-head --set mask=causal", 0, "masked [1, 7, 7]", NULL},
    {"walk of a misspelt lesson proposes one", "\"$QKV\" walk one-hed", 1, NULL, "did you mean 'one-head'?"},
    {"walk of a broken file says where", "\"$QKV\" walk broken.yaml", 1, NULL, "qkv: broken.yaml:2:"},
    {"walk of a sentence that is no UTF-8 fails", "\"$QKV\" walk one-head --sentence \"$(printf 'a\\377b')\"", 2, NULL,
     "UTF-8"},

    {"walk prints one step as CSV", "\"$QKV\" walk one-head --csv scores | head -3 | tr -d '\\r'", 0,
     ",The,cat,sat,because,it,was,tired\nThe,0,0,0,0,0,0,0\ncat,0,2,", NULL},
    {"walk prints all heads of a step as CSV", "\"$QKV\" walk several-heads --csv weights | head -1", 0, "head,,The,",
     NULL},
    {"a misspelt step gets a proposal", "\"$QKV\" walk one-head --csv scroes", 2, NULL,
     "qkv: walk: there is no step 'scroes' in one-head; did you mean 'scores'?"},
    {"walk saves every step and input",
     "\"$QKV\" walk one-head --save walked.safetensors && head -c 4000 walked.safetensors | tr ',' '\\n' | "
     "grep -ao '\"[A-Za-z_]*\":{\"dtype' | sort",
     0, "\"W_Q\":{\"dtype\n", NULL},
    {"CSV and tensors cannot share standard output", "\"$QKV\" walk one-head --csv scores --save -", 2, NULL,
     "cannot share standard output"},

    {"render writes a page for every step", "\"$QKV\" render -o pages && ls -tr pages", 0,
     "05-scores.png\n05-scores-2.png\n", NULL},
    {"render writes one page where a picture is named",
     "rm -rf made; mkdir made; \"$QKV\" render one-head -o made/page.png --theme dark --size 900x700 && ls made", 0,
     "1 page in made/page.png\npage.png\n", NULL},
    {"render writes one SVG page where one is named",
     "\"$QKV\" render one-head --state 'at=scores' -o made/page.svg && head -c 80 made/page.svg && "
     "tail -c 7 made/page.svg",
     0, "<svg xmlns=\"http://www.w3.org/2000/svg\"", NULL},
    {"render fills a folder with SVG pages",
     "\"$QKV\" render one-head -o figures --format svg && test -s figures/05-scores.svg && "
     "test -s figures/05-scores-2.svg",
     0, " pages in figures\n", NULL},
    {"a format that contradicts the name is wrong usage", "\"$QKV\" render one-head -o x.png --format svg", 2, NULL,
     "qkv: render: --format svg contradicts the name 'x.png'"},
    {"an unknown format is wrong usage", "\"$QKV\" render one-head -o x --format gif", 2, NULL,
     "--format wants png or svg, not 'gif'"},
    {"render without a place to write is wrong usage", "\"$QKV\" render one-head", 2, NULL, "--output PATH is missing"},
    {"a page too small for its layout is wrong usage", "\"$QKV\" render -o x --size 600x400", 2, NULL,
     "--size wants a width and a height"},
    {"pages are no JPEG: it is said, and no folder is called so", "\"$QKV\" render -o x.jpg", 2, NULL,
     "qkv: render: 'x.jpg': pages are PNG or SVG, not jpg"},
    {"a help that takes --state explains its words", "\"$QKV\" help render", 0,
     "  head        a head, by number or name ", NULL},
    {"a state line says which keys it cannot have", "\"$QKV\" render -o x.png --state 'at=scores haed=1'", 2, NULL,
     "qkv: render: there is no key 'haed'; did you mean 'head'?"},
    {"a lesson that a state line names is blamed for what is wrong in it",
     "\"$QKV\" render one-head -o x.png --state 'lesson=./broken.yaml at=Q'", 1, NULL,
     "qkv: ./broken.yaml:1:1: a lesson needs"},
    {"a cell can be named by its words",
     "\"$QKV\" render -o made/a.svg --state 'at=weights cell=weights,it,cat' && "
     "\"$QKV\" render -o made/b.svg --state 'at=weights cell=weights,1,5,2' && cmp made/a.svg made/b.svg",
     0, "", NULL},
    {"--at is the step of --state",
     "\"$QKV\" render -o made/a.svg --at weights && \"$QKV\" render -o made/b.svg --state at=weights && "
     "cmp made/a.svg made/b.svg",
     0, "", NULL},
    {"a session opens as a lesson does", "\"$QKV\" walk session.yaml", 0, "sentence: the dogs slept", NULL},
    {"a session can be drawn where it was left", "\"$QKV\" render session.yaml -o made/session.png", 0,
     "1 page in made/session.png", NULL},
    {"a session is checked", "\"$QKV\" check session.yaml", 0, "session.yaml: ok, ", NULL},
    {"a session can be checked from standard input", "\"$QKV\" check - < session.yaml", 0, "-: ok, ", NULL},
    {"what is wrong with a session has its place", "sed s/scores/nowhere/ session.yaml | \"$QKV\" check -", 1,
     "-:6:3: at: there is no step 'nowhere' in one-head; there are X, ", NULL},
    {"a session whose place is not there cannot be drawn",
     "sed s/scores/nowhere/ session.yaml > lost.yaml; \"$QKV\" render lost.yaml -o x.png", 1, NULL,
     "qkv: lost.yaml:6:3: at: there is no step 'nowhere'"},
    {"options add to a session", "\"$QKV\" walk session.yaml --sentence it", 0, "sentence: it\n", NULL},
    {"a state line alone opens its own lesson",
     "\"$QKV\" render --state 'lesson=causal-mask at=masked' -o made/own.svg && "
     "\"$QKV\" render causal-mask --state at=masked -o made/same.svg && cmp made/own.svg made/same.svg",
     0, "", NULL},
    {"a state line reads no standard input", "\"$QKV\" render -o x.png --state lesson=- < broken.yaml", 2, NULL,
     "lesson=-: only a command line can name standard input"},
    {"an unknown theme is wrong usage", "\"$QKV\" render -o x --theme pink", 2, NULL, "--theme wants light or dark"},
    {"a full disk leaves no part of a page",
     "rm -rf made; mkdir made; { (ulimit -f 1; \"$QKV\" render -o made); echo \"status $?\"; } 2>&1 | cat; ls -A made",
     0, "File too large\nstatus 1\n", NULL},
    {"render over a file fails", "echo old > there; \"$QKV\" render -o there", 1, NULL, "a file has that name"},
    {"the window without a display fails and names the way on",
     "env -u DISPLAY -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER \"$QKV\" one-head", 1, NULL, "`qkv render LESSON -o DIR`"},
    {"a word that is neither a command nor a lesson is wrong usage", "\"$QKV\" frobnicate", 2, NULL,
     "qkv: unknown command or lesson 'frobnicate'\n"},
    {"a misspelt command gets a proposal", "\"$QKV\" chekc x", 2, NULL, "did you mean 'check'?"},
    {"a misspelt lesson gets a proposal", "\"$QKV\" one-hed", 2, NULL, "did you mean 'one-head'?"},
    {"a lesson's path that is not there fails", "\"$QKV\" absent.yaml", 1, NULL, "absent.yaml: No such file"},

    {"bench writes a figure as JSON when it is known", "\"$QKV\" bench --json 2> ended | head -c 90", 0,
     "\"first_frame\": ", NULL},
    {"bench ends when a figure cannot be written", "\"$QKV\" bench > /dev/full", 1, NULL, "No space left"},

    {"every built-in lesson's file is valid",
     "\"$QKV\" check \"$QKV_TESTS\"/../lessons/*.yaml > checked && ! grep -v ': ok, ' checked", 0, NULL, NULL},
    {"check says of a good file how much there is of it",
     "cp \"$QKV_TESTS\"/app/data/grey.* . && \"$QKV\" check grey.yaml", 0, "grey.yaml: ok, 12 steps, 1 stop\n", NULL},
    {"a lesson about a JPEG is walked", "\"$QKV\" walk grey.yaml", 0, "\n    2,2  0.65  0.65  0.93  0.93\n", NULL},
    {"a lesson about a JPEG is drawn", "\"$QKV\" render grey.yaml -o grey.png", 0, "1 page in grey.png\n", NULL},
    {"a folder is no lesson, which is said once", "\"$QKV\" walk /tmp", 1, NULL,
     "qkv: cannot read /tmp: Is a directory\n"},
    {"check says of a language that it is whole", "\"$QKV\" check \"$QKV_TESTS\"/../assets/words/en.yaml", 0,
     "en.yaml: ok, says all that there is to say\n", NULL},
    {"check says what a language lacks", "printf 'language: x\\nstages: {}\\n' | \"$QKV\" check -", 1,
     "-:2:9: stages.Input is not said", NULL},
    {"check says file, line and column", "\"$QKV\" check broken.yaml", 1, "broken.yaml:2:", NULL},
    {"check reads standard input", "\"$QKV\" check - < broken.yaml", 1, "-:2:", NULL},
    {"check goes on after a file with diagnostics", "\"$QKV\" check broken.yaml also.yaml", 1, "also.yaml:", NULL},
    {"check names a file that is not there", "\"$QKV\" check absent.yaml", 1, NULL,
     "qkv: check: cannot open absent.yaml: No such file"},
    {"check does not read a folder", "\"$QKV\" check .", 1, NULL, "Is a directory"},
    {"check refuses bytes that are no text", "head -c 1000 /dev/zero | \"$QKV\" check -", 1, "-:1:1: ", NULL},
    {"check refuses more than a session can be", "head -c 9000000 /dev/zero | \"$QKV\" check -", 1, NULL,
     "- is larger than 8388608 bytes"},
    {"a file that is too large is named once",
     "{ cat session.yaml; head -c 9000000 /dev/zero | tr '\\0' '#'; } > large.yaml; \"$QKV\" walk large.yaml", 1, NULL,
     "qkv: large.yaml is larger than 8388608 bytes"},
    {"a session is measured by its own limit",
     "{ cat session.yaml; head -c 400000 /dev/zero | tr '\\0' '#'; } > long.yaml; \"$QKV\" check long.yaml && "
     "\"$QKV\" check - < long.yaml && \"$QKV\" walk long.yaml | head -1",
     0, "long.yaml: ok, ", NULL},
    {"a lesson is measured by its own limit, too",
     "{ \"$QKV\" walk one-head > /dev/null; head -c 400000 /dev/zero | tr '\\0' '#'; } > long.yaml; "
     "\"$QKV\" check long.yaml",
     1, "at most 262144", NULL},

    {"mechanisms names each", "\"$QKV\" mechanisms", 0, "attention\t", NULL},
    {"a mechanism's settings have their default", "\"$QKV\" mechanisms attention", 0, "(default sqrt_dk)", NULL},
    {"a range is said in whole numbers", "\"$QKV\" mechanisms attention", 0, "whole number from 0 to 4294967295", NULL},
    {"a mechanism's tensors have their shape", "\"$QKV\" mechanisms attention", 0, "[d_model, heads*d_k]", NULL},
    {"a mechanism's stages are named", "\"$QKV\" mechanisms attention", 0, "  Normalise ", NULL},
    {"a misspelt mechanism gets a proposal", "\"$QKV\" mechanisms atention", 2, NULL, "did you mean 'attention'?"},

    {"the beginning of a mechanism's name is enough for a proposal", "\"$QKV\" mechanisms linear", 2, NULL,
     "did you mean 'linear_attention'?"},

    {"run saves every step under its name",
     RUN SAVE "&& head -c 4000 out.safetensors | tr -c '[:print:]' '\\n' | grep -o '\"output\":{\"dtype\":\"F32\"'", 0,
     "output", NULL},
    {"run does not save the inputs", RUN SAVE "&& head -c 4000 out.safetensors | grep -c '\"W_Q\"'; true", 0, "0\n",
     NULL},
    {"run reads standard input and writes standard output",
     RUN SAVE "&& \"$QKV\" run attention --tensors - --save - < in.safetensors | cmp - out.safetensors", 0, NULL, NULL},
    {"a causal mask blocks with -inf",
     RUN SAVE "--set mask=causal --set heads=2 && head -c 4000 out.safetensors | grep -ao '\"masked\"'", 0, "masked",
     NULL},
    {"gradients of every input and step are added",
     RUN SAVE "--gradient d_output.safetensors && head -c 6000 out.safetensors | grep -ao '\"d_W_Q\"\\|\"d_weights\"'",
     0, "d_W_Q", NULL},
    {"an input's gradient has the axes of the input, a step's all three",
     RUN SAVE "--gradient d_output.safetensors && head -c 12000 out.safetensors | grep -ao '\"d_\\(W_Q\\|weights\\)\":"
              "{[^]]*]' | tr -d '\n'",
     0, "\"d_weights\":{\"dtype\":\"F32\",\"shape\":[1,3,3]", NULL},
    {"a gradient of a step that is not there fails", RUN SAVE "--gradient in.safetensors", 1, NULL,
     "qkv: run: in.safetensors: X: not a gradient"},
    {"both inputs from standard input are wrong usage", "\"$QKV\" run attention --tensors - --gradient - " SAVE, 2,
     NULL, "cannot both be standard input"},

    {"run with an unknown mechanism is wrong usage", "\"$QKV\" run atention --tensors in.safetensors " SAVE, 2, NULL,
     "unknown mechanism 'atention'; did you mean 'attention'?"},
    {"a misspelt setting gets a proposal", RUN SAVE "--set head=2", 2, NULL, "did you mean 'heads'?"},
    {"a misspelt value gets a proposal", RUN SAVE "--set mask=casual", 2, NULL, "did you mean 'causal'?"},
    {"a setting out of its range is wrong usage", RUN SAVE "--set heads=0", 2, NULL, "heads"},
    {"a setting that contradicts itself is wrong usage", RUN SAVE "--set heads=2 --set heads=1", 2, NULL,
     "heads is set twice"},
    {"heads that do not divide the columns fail", INTO_MADE("in.safetensors") " --set heads=3" AND_NOTHING_MADE, 1,
     NULL, "W_Q"},
    {"a missing tensor is named, and nothing is written", INTO_MADE("missing.safetensors") AND_NOTHING_MADE, 1, NULL,
     "W_V"},
    {"an unknown tensor is named, and nothing is written", INTO_MADE("unknown.safetensors") AND_NOTHING_MADE, 1, NULL,
     "W_Z"},
    {"a tensor of the wrong shape is named, and nothing is written", INTO_MADE("shape.safetensors") AND_NOTHING_MADE, 1,
     NULL, "W_K"},
    {"a NaN is named, and nothing is written", INTO_MADE("nan.safetensors") AND_NOTHING_MADE, 1, NULL, "W_O"},
    {"numbers that grow too large are named, and nothing is written", INTO_MADE("large.safetensors") AND_NOTHING_MADE,
     1, NULL, "no 32-bit float holds"},
    {"a file that is not safetensors fails", INTO_MADE("broken.yaml") AND_NOTHING_MADE, 1, NULL, "broken.yaml"},
    {"a file that is not there fails", INTO_MADE("absent.safetensors") AND_NOTHING_MADE, 1, NULL,
     "absent.safetensors: No such file"},
    {"an empty file fails", INTO_MADE("/dev/null") AND_NOTHING_MADE, 1, NULL, "/dev/null"},

    {"a link stays a link: what it points at is replaced",
     "rm -rf made; mkdir made; echo old > made/out; ln -s out made/link; " RUN
     "--save made/link && test -L made/link && cmp made/link made/out && ls made && grep -c old made/out",
     1, "link\nout\n0\n", NULL},
    {"a full disk fails", RUN "--save /dev/full", 1, NULL, "No space left"},
    {"a folder that is not there fails", RUN "--save absent/out", 1, NULL, "absent/out"},
    {"a full disk leaves no part of a file",
     "rm -rf made; mkdir made; { (ulimit -f 0; " RUN "--save made/out); echo \"status $?\"; } 2>&1 | cat; ls -A made",
     0, "File too large\nstatus 1\n", NULL},
    {"a full disk leaves the file that was there",
     "rm -rf made; mkdir made; echo old > made/out; { (ulimit -f 0; " RUN
     "--save made/out) 2>/dev/null; } | cat; ls -A made; cat made/out",
     0, "out\nold\n", NULL},
};

static const struct cli_case long_cases[] = {
    {"bench says all that it measured as JSON",
     "\"$QKV\" bench --json | python3 -c 'import json, sys; print(sorted(json.load(sys.stdin)))'", 0,
     "'first_frame', 'frame', 'frame_mask_512', ", NULL},
};

static void make_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void add_tensor(struct named_tensors *all, const char *name, size_t rows, size_t cols, double top)
{
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, 1, rows, cols));
    for (size_t i = 0; i < rows * cols; i++)
        t.v[i] = top * (double)((i * 7 + rows) % 5) / 5.0;
    assert_ok(named_tensors_add(all, name, &t));
    all->v[all->n - 1].axes = 2; /* as other programs write a matrix */
}

/* An attention's tensors, with one of them missing or doubled in height. */
static void make_tensors(const char *path, const char *missing, const char *tall, double top)
{
    static const char *const names[] = {"X", "W_Q", "W_K", "W_V", "W_O"};
    OWN(named_tensors) all = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t rows = i == 0 ? 3 : 4;
        if (strcmp(names[i], missing) != 0)
            add_tensor(&all, names[i], strcmp(names[i], tall) == 0 ? 2 * rows : rows, 4, top);
    }
    assert_ok(safetensors_write(path, &all));
}

/* Nothing of ours writes a NaN: put one over the file's last number, which is W_O's. */
static void spoil_last_number(const char *path)
{
    static const unsigned char nan_bytes[] = {0, 0, 0xc0, 0x7f};
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, -4, SEEK_END), 0);
    assert_int_equal(fwrite(nan_bytes, 1, 4, file), 4);
    assert_int_equal(fclose(file), 0);
}

static void make_one(const char *path, const char *from, const char *name)
{
    OWN(named_tensors) all = {0};
    if (from)
        assert_ok(safetensors_read(from, &all));
    add_tensor(&all, name, 3, 4, 1.0);
    assert_ok(safetensors_write(path, &all));
}

static void make_files(void)
{
    make_tensors("in.safetensors", "", "", 1.0);
    make_tensors("missing.safetensors", "W_V", "", 1.0);
    make_tensors("shape.safetensors", "", "W_K", 1.0);
    make_tensors("nan.safetensors", "", "", 1.0);
    spoil_last_number("nan.safetensors");
    make_tensors("large.safetensors", "", "", 1e30);
    make_one("unknown.safetensors", "in.safetensors", "W_Z");
    make_one("unused.safetensors", "in.safetensors", "W_A");
    make_one("d_output.safetensors", NULL, "d_output");
    make_text("broken.yaml", "title: A lesson\nsummery: with a misspelt field\n");
    make_text("also.yaml", "- not a lesson\n");
    make_text("session.yaml", "qkv session: 1\nlesson: one-head\nsentence: the dogs slept\n# where it was left\n"
                              "place:\n  at: scores\n  cell: scores,1,2,2\n");
}

static char *slurp(FILE *file)
{
    static char text[2][65536];
    static int turn;
    char *to = text[turn++ % 2];
    size_t n = fread(to, 1, sizeof text[0] - 1, file);
    to[n] = '\0';
    return to;
}

static void check_stream(const char *what, const char *got, const char *wanted)
{
    if (wanted ? !strstr(got, wanted) : got[0] != '\0')
        fail_msg("%s is \"%s\", wanted %s%s%s", what, got, wanted ? "\"..." : "nothing", wanted ? wanted : "",
                 wanted ? "...\"" : "");
}

static void check_case(const struct cli_case *c)
{
    char command[4096];
    int n = snprintf(command, sizeof command, "{ %s\n} 2> stderr", c->command);
    assert_true(n > 0 && n < (int)sizeof command);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    const char *out = slurp(pipe);
    int status = pclose(pipe);
    FILE *file = fopen("stderr", "r");
    assert_non_null(file);
    const char *err = slurp(file);
    fclose(file);
    check_stream("standard error", err, c->err);
    check_stream("standard output", out, c->out);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), c->status);
}

TEST_ROWS(the_program_does_as_its_user_expects, cases, c)
{
    check_case(c);
}

TEST_ROWS(what_takes_minutes_under_sanitizers_too, long_cases, c)
{
    if (!test_all())
        skip();
    check_case(c);
}

TEST_GROUP(make_files, NULL)

int main(int argc, char **argv)
{
    char folder[] = "test_cli_XXXXXX"; /* in the build folder */
    if (argc != 2 || setenv("QKV", argv[1], 1) != 0 || !mkdtemp(folder) || chdir(folder) != 0)
        return 2;
    int failed = test_run();
    char clean[64];
    snprintf(clean, sizeof clean, "rm -rf ../%s", folder);
    return system(clean) != 0 || failed;
}
