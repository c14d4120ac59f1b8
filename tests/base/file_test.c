/* Files, folders and locks: what file.h and folder.h promise, also when the system refuses. */
#define _GNU_SOURCE 1 /* syscall */

#include "support/check.h"
#include "support/fail_alloc.h"
#include "support/scratch.h"

#include "base/file.h"
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a system that refuses: the call of this name fails the next time with this reason ---- */

static struct {
    const char *call;
    int reason, raise; /* raise: a signal that comes with the call, which works */
    int after;         /* so many calls before */
} fault;

static bool refused(const char *call)
{
    if (!fault.call || strcmp(call, fault.call) != 0 || fault.after-- > 0)
        return false;
    fault.call = NULL;
    errno = fault.reason;
    if (fault.raise)
        raise(fault.raise);
    return !fault.raise;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    /* A call that writes less than it was asked for is not an error. */
    return refused("write") ? -1 : syscall(SYS_write, fd, bytes, n > 100000 ? n / 2 : n);
}

int fsync(int fd)
{
    return refused("fsync") ? -1 : fdatasync(fd);
}

int rename(const char *from, const char *to)
{
    return refused("rename") ? -1 : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int fchmod(int fd, mode_t mode)
{
    return refused("fchmod") ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int fchown(int fd, uid_t owner, gid_t group)
{
    return refused("fchown") ? -1 : (int)syscall(SYS_fchown, fd, owner, group);
}

/* ---- a folder of our own ---- */

static size_t count_files(void)
{
    OWN(str) path = {0};
    size_t n = 0;
    for (bool more = folder_next(scratch_folder(), "", NULL, &path); more;
         more = folder_next(scratch_folder(), "", path.v, &path))
        n += strcmp(path.v, in_scratch(".")) != 0 && strcmp(path.v, in_scratch("..")) != 0;
    return n;
}

static void empty_folder(void)
{
    fault.call = NULL;
    scratch_folder_remove();
    assert_int_equal(mkdir(scratch_folder(), 0700), 0);
}

static void assert_holds(const char *path, const char *wanted)
{
    OWN(str) text = {0};
    assert_ok(file_read(path, 1 << 24, &text));
    assert_string_equal(str_text(&text), wanted);
}

static void put(const char *path, const char *text)
{
    assert_ok(file_write(path, text, strlen(text)));
}

static mode_t mode_of(const char *path)
{
    struct stat there;
    assert_int_equal(stat(path, &there), 0);
    return there.st_mode & 0777;
}

/* ---- reading ---- */

TEST(a_file_is_read_whole_or_not_at_all)
{
    put(in_scratch("a"), "12345");
    struct str text = {0};
    assert_ok(file_read(in_scratch("a"), 5, &text));
    assert_string_equal(text.v, "12345");
    str_finish(&text);
    assert_error(file_read(in_scratch("a"), 4, &text), QKV_ERR_LIMIT, "a is larger than 4 bytes");
    assert_error(file_read(in_scratch("none"), 4, &text), QKV_ERR_IO, "none: No such file");
    assert_error(file_read(scratch_folder(), 4, &text), QKV_ERR_IO, "Is a directory");
    fail_alloc_at(1);
    struct qkv_err err = file_read(in_scratch("a"), 5, &text);
    fail_alloc_at(0);
    assert_int_equal(err.code, QKV_ERR_NOMEM);
    assert_null(text.v);
}

TEST(what_may_never_end_is_not_read)
{
    struct str text = {0};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(mkfifo(in_scratch("pipe"), 0600), 0);
    size_t n = strlen(in_scratch("socket"));
    assert_true(n < sizeof address.sun_path);
    memcpy(address.sun_path, in_scratch("socket"), n);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(symlink("pipe", in_scratch("link")), 0);
    assert_error(file_read(in_scratch("pipe"), 100, &text), QKV_ERR_IO, "it is a pipe and not a file; '-' reads");
    assert_error(file_read(in_scratch("link"), 100, &text), QKV_ERR_IO, "it is a pipe");
    assert_error(file_read(in_scratch("socket"), 100, &text), QKV_ERR_IO, "it is a socket");
    assert_error(file_read("/dev/zero", 100, &text), QKV_ERR_IO, "it is a device");
    assert_null(text.v);
    assert_true(file_exists(in_scratch("pipe")));
    assert_false(file_is_plain(in_scratch("pipe")));
    close(fd);
}

TEST(standard_input_may_be_a_pipe)
{
    int ends[2], before = dup(0);
    OWN(str) text = {0};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "piped", 5), 5);
    close(ends[1]);
    dup2(ends[0], 0);
    struct qkv_err err = file_read("-", 100, &text);
    dup2(before, 0);
    close(before);
    close(ends[0]);
    assert_ok(err);
    assert_string_equal(text.v, "piped");
}

/* ---- writing ---- */

TEST(a_file_keeps_what_it_was)
{
    static const mode_t modes[] = {0600, 0644, 0640, 0755, 0666};
    mode_t mask = umask(027);
    put(in_scratch("new"), "new");
    assert_int_equal(mode_of(in_scratch("new")), 0640);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(in_scratch("new"), modes[i]), 0);
        put(in_scratch("new"), "newer");
        assert_int_equal(mode_of(in_scratch("new")), modes[i]);
    }
    umask(mask);
    assert_holds(in_scratch("new"), "newer");
    assert_int_equal(count_files(), 1);
    if (geteuid() != 0)
        return;
    struct stat there;
    assert_int_equal(chown(in_scratch("new"), 1234, 4321), 0);
    put(in_scratch("new"), "of another");
    assert_int_equal(stat(in_scratch("new"), &there), 0);
    assert_int_equal(there.st_uid, 1234);
    assert_int_equal(there.st_gid, 4321);
}

/* Another group must not read what the old one could. */
TEST(a_group_that_cannot_be_kept_gets_no_more_than_everybody)
{
    put(in_scratch("a"), "old");
    assert_int_equal(chmod(in_scratch("a"), 0664), 0);
    fault.call = "fchown";
    fault.reason = EPERM;
    put(in_scratch("a"), "owner not kept, group kept");
    assert_int_equal(mode_of(in_scratch("a")), 0664);
}

TEST(a_file_that_may_not_be_written_is_not_replaced)
{
    put(in_scratch("a"), "precious");
    assert_int_equal(chmod(in_scratch("a"), 0444), 0);
    if (geteuid() == 0)
        return; /* may write everything */
    assert_error(file_write(in_scratch("a"), "x", 1), QKV_ERR_IO, "a: Permission denied");
    assert_holds(in_scratch("a"), "precious");
}

TEST(links_are_followed)
{
    assert_int_equal(mkdir(in_scratch("sub"), 0700), 0);
    assert_int_equal(symlink("sub/target", in_scratch("one")), 0);
    assert_int_equal(symlink(in_scratch("one"), in_scratch("two")), 0);
    put(in_scratch("two"), "through a dangling link");
    assert_holds(in_scratch("sub/target"), "through a dangling link");
    put(in_scratch("one"), "again");
    assert_holds(in_scratch("sub/target"), "again");
    struct stat there;
    assert_int_equal(lstat(in_scratch("one"), &there), 0);
    assert_true(S_ISLNK(there.st_mode));
    assert_int_equal(symlink("round", in_scratch("round")), 0);
    assert_error(file_write(in_scratch("round"), "x", 1), QKV_ERR_IO, "round: Too many levels of symbolic links");
}

TEST(a_file_with_two_names_keeps_both)
{
    static const char *const texts[] = {"long, longer than before", "short", "", "and long again"};
    put(in_scratch("a"), "old text");
    assert_int_equal(link(in_scratch("a"), in_scratch("b")), 0);
    for (size_t i = 0; i < 4; i++) {
        put(in_scratch("a"), texts[i]);
        assert_holds(in_scratch("b"), texts[i]);
    }
    fault.call = "write";
    fault.reason = ENOSPC;
    assert_error(file_write(in_scratch("a"), "and long again, which does not fit", 34), QKV_ERR_IO, "No space left");
    assert_holds(in_scratch("b"), "and long again");
    assert_int_equal(count_files(), 2);
}

TEST(whatever_fails_leaves_what_was_there)
{
    static const struct {
        const char *call;
        int reason, after;
    } faults[] = {
        {"write", ENOSPC, 0}, {"write", EIO, 3}, {"fsync", EIO, 0}, {"fchmod", EPERM, 0}, {"rename", EACCES, 0}};
    static char large[3000000];
    memset(large, 'x', sizeof large - 1);
    for (int exists = 0; exists < 2; exists++)
        for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
            fault.call = !exists && strcmp(faults[i].call, "fchmod") == 0 ? "rename" : faults[i].call;
            fault.reason = faults[i].reason;
            fault.after = faults[i].after;
            assert_error(file_write(in_scratch("a"), large, sizeof large - 1), QKV_ERR_IO, strerror(faults[i].reason));
            assert_null(fault.call);
            assert_int_equal(count_files(), exists);
            if (exists)
                assert_holds(in_scratch("a"), "old");
            else if (i + 1 == sizeof faults / sizeof faults[0])
                put(in_scratch("a"), "old");
        }
    /* An interrupted call is made again, and one that wrote a part goes on. */
    fault.call = "write";
    fault.reason = EINTR;
    fault.after = 1;
    put(in_scratch("a"), large);
    assert_holds(in_scratch("a"), large);
}

TEST(memory_that_runs_out_leaves_what_was_there)
{
    put(in_scratch("a"), "old");
    assert_int_equal(symlink("a", in_scratch("link")), 0);
    bool refused_once = false;
    for (long n = 1, done = 0; !done; n++) {
        fail_alloc_at(n);
        struct qkv_err err = file_write(in_scratch("link"), "new", 3);
        done = fail_alloc_count() < n;
        fail_alloc_at(0);
        assert_true(err.code == QKV_OK || err.code == QKV_ERR_NOMEM);
        refused_once |= err.code != QKV_OK;
        assert_holds(in_scratch("a"), err.code ? "old" : "new");
        assert_int_equal(count_files(), 2);
        put(in_scratch("a"), "old");
    }
    assert_true(refused_once);
}

TEST(a_signal_ends_the_process_and_leaves_nothing_behind)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    static char large[3000000];
    put(in_scratch("a"), "old");
    for (size_t i = 0; i < 3; i++) {
        pid_t child = fork();
        if (child == 0) {
            signal(signals[i], SIG_DFL);
            fault.call = "write";
            fault.raise = signals[i];
            fault.after = 1;
            struct qkv_err err = file_write(in_scratch("a"), large, sizeof large);
            _exit(err.code ? 1 : 0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
        assert_holds(in_scratch("a"), "old");
        assert_int_equal(count_files(), 1);
    }
    /* One that is ignored or handled stops nothing. */
    signal(SIGHUP, SIG_IGN);
    fault.call = "write";
    fault.raise = SIGHUP;
    put(in_scratch("a"), "new");
    fault.raise = 0;
    assert_holds(in_scratch("a"), "new");
}

TEST(pipes_and_devices_are_written_to)
{
    char got[8] = "";
    assert_int_equal(mkfifo(in_scratch("pipe"), 0600), 0);
    int fd = open(in_scratch("pipe"), O_RDONLY | O_NONBLOCK);
    put(in_scratch("pipe"), "through");
    assert_int_equal(read(fd, got, sizeof got - 1), 7);
    assert_string_equal(got, "through");
    close(fd);
    assert_error(file_write("/dev/full", "x", 1), QKV_ERR_IO, "/dev/full: No space left");
    assert_error(file_write(scratch_folder(), "x", 1), QKV_ERR_IO, "Is a directory");
    assert_error(file_write(in_scratch("none/a"), "x", 1), QKV_ERR_IO, "none/a: No such file");
}

/* ---- locks, folders, paths ---- */

TEST(a_lock_has_one_owner)
{
    int one, two;
    assert_ok(file_lock(in_scratch("lock"), &one));
    assert_error(file_lock(in_scratch("lock"), &two), QKV_ERR_LIMIT, "cannot lock");
    file_unlock(one);
    assert_ok(file_lock(in_scratch("lock"), &two));
    file_unlock(two);
    assert_error(file_lock(in_scratch("none/lock"), &one), QKV_ERR_IO, "none/lock: No such file");
}

TEST(what_a_killed_process_left_is_removed)
{
    static char large[3000000];
    pid_t child = fork();
    if (child == 0) {
        fault.call = "write";
        fault.raise = SIGKILL;
        fault.after = 1;
        _exit(file_write(in_scratch("a"), large, sizeof large).code == 0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(count_files(), 1);
    put(in_scratch("b"), "a file");
    int lock;
    assert_ok(file_lock(in_scratch(".7-0" FILE_PART_ENDING), &lock)); /* somebody writes */
    folder_clean(scratch_folder());
    assert_int_equal(count_files(), 2);
    file_unlock(lock);
    folder_clean(scratch_folder());
    assert_int_equal(count_files(), 1);
    assert_holds(in_scratch("b"), "a file");
}

TEST(files_come_in_the_order_of_their_names)
{
    static const char *const names[] = {"b.x", "a.x", "c.y", "d.x", ".x"};
    OWN(str) path = {0}, all = {0};
    for (size_t i = 0; i < 5; i++)
        put(in_scratch(names[i]), names[i]);
    for (bool more = folder_next(scratch_folder(), ".x", NULL, &path); more;
         more = folder_next(scratch_folder(), ".x", path.v, &path))
        str_addf(&all, "%s ", path.v + strlen(scratch_folder()) + 1);
    assert_string_equal(str_text(&all), "a.x b.x d.x ");
    assert_false(folder_next(in_scratch("none"), ".x", NULL, &path));
    assert_true(file_time(in_scratch("a.x")) > 0);
    file_remove(in_scratch("a.x"));
    file_remove(in_scratch("a.x"));
    assert_int_equal(file_time(in_scratch("a.x")), 0);
    assert_false(file_exists(in_scratch("a.x")));
}

TEST(folders_are_made_with_those_above)
{
    assert_ok(folder_make(in_scratch("x/y/z")));
    assert_ok(folder_make(in_scratch("x/y/z/")));
    put(in_scratch("x/y/z/file"), "");
    assert_error(folder_make(in_scratch("x/y/z/file")), QKV_ERR_IO, "a file has that name");
    assert_error(folder_make(in_scratch("x/y/z/file/below")), QKV_ERR_IO, "Not a directory");
    assert_error(folder_make(""), QKV_ERR_IO, "cannot make the folder");
}

TEST(paths_become_absolute)
{
    static const struct {
        const char *path, *wanted; /* in the folder; NULL: as it is */
    } paths[] = {{"a", "a"}, {"./a", "a"}, {".//./a/b", "a/b"}, {"/a", NULL}};
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(scratch_folder()), 0);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        OWN(str) got = {0};
        assert_ok(path_absolute(paths[i].path, &got));
        assert_string_equal(got.v, paths[i].wanted ? in_scratch(paths[i].wanted) : paths[i].path);
    }
    assert_int_equal(chdir(here), 0);
}

TEST_GROUP(scratch_folder_make, scratch_folder_remove)
TEST_AFTER_EACH(empty_folder)
