// SPDX-License-Identifier: Apache-2.0
/* The run folder: whole or absent, the former one kept until then, leftovers of kills removed. */
#include "sink/run_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sink/file_writer.h"
#include "sink/folder.h"

static char first_folder[PATH_MAX];

/* Each test runs in an empty folder of its own. */
static int enter_folder(void **state)
{
    (void)state;
    char name[] = "emptor-run-XXXXXX";
    if (!getcwd(first_folder, sizeof first_folder) || !mkdtemp(name))
        return -1;
    return chdir(name);
}

static int leave_folder(void **state)
{
    (void)state;
    char path[PATH_MAX];
    if (!getcwd(path, sizeof path) || chdir(first_folder) != 0)
        return -1;
    return emp__folder_remove(AT_FDCWD, path) ? 0 : -1;
}

static struct emp_run_folder *begin(const char *target)
{
    struct emp_run_folder *folder = NULL;
    emp_error error = {0};
    if (emp__run_folder_begin(target, &folder, &error) != EMP_OK)
        fail_msg("%s: %s", error.file, error.message);
    return folder;
}

static void put_file(const struct emp_run_folder *folder, const char *name, const char *text)
{
    char *path = NULL;
    assert_int_equal(emp__run_folder_file(folder, name, &path, NULL), EMP_OK);
    assert_int_equal(emp__write_file(path, text, strlen(text), NULL), EMP_OK);
    free(path);
}

static void commit(struct emp_run_folder *folder)
{
    emp_error error = {0};
    if (emp__run_folder_commit(folder, &error) != EMP_OK)
        fail_msg("%s: %s", error.file, error.message);
    emp__run_folder_abandon(folder);
}

/* A whole run that leaves run.json and one more file. */
static void run(const char *target, const char *file)
{
    struct emp_run_folder *folder = begin(target);
    put_file(folder, EMP_RUN_FILE, "{\n  \"" EMP_RUN_MARK "\": 1\n}\n");
    put_file(folder, file, "text\n");
    commit(folder);
}

static size_t entries(const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    size_t count = 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2;
}

static bool exists(const char *path)
{
    struct stat found;
    return lstat(path, &found) == 0;
}

static void assert_refused(const char *target, const char *words)
{
    struct emp_run_folder *folder = NULL;
    emp_error error = {0};
    assert_int_equal(emp__run_folder_begin(target, &folder, &error), EMP_ERR_CREATE);
    assert_null(folder);
    if (!strstr(error.message, words))
        fail_msg("%s: %s", error.file, error.message);
}

static void a_new_folder_appears_whole(void **state)
{
    (void)state;
    struct emp_run_folder *folder = begin("a/b/out/");
    assert_true(exists("a/b"));
    assert_false(exists("a/b/out"));
    assert_int_equal(emp__run_folder_path(folder)[0], '/');
    assert_non_null(strstr(emp__run_folder_path(folder), "/a/b/.out.emptor-"));
    put_file(folder, "table.csv", "a,b\n");
    assert_int_equal(mkdirat(AT_FDCWD, emp__run_folder_path(folder), 0700), -1);
    commit(folder);
    assert_true(exists("a/b/out/table.csv"));
    assert_int_equal(entries("a/b"), 1);
    struct stat above;
    struct stat out;
    assert_int_equal(stat("a", &above), 0);
    assert_int_equal(stat("a/b/out", &out), 0);
    assert_int_equal(out.st_mode, above.st_mode);
}

static void a_run_folder_is_replaced(void **state)
{
    (void)state;
    run("out", "old.csv");
    assert_int_equal(chmod("out", 0750), 0);
    assert_int_equal(mkdir("out/sub", 0700), 0);
    assert_int_equal(emp__write_file("out/sub/file", "x", 1, NULL), EMP_OK);
    run("out", "new.csv");
    assert_true(exists("out/new.csv"));
    assert_false(exists("out/old.csv"));
    assert_int_equal(entries("."), 1);
    struct stat out;
    assert_int_equal(stat("out", &out), 0);
    assert_int_equal(out.st_mode & 0777, 0750);
}

/* Twice: the second run exchanges the folders and removes the former one with all that is in it. */
static void a_file_in_a_folder_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct emp_run_folder *folder = begin("out");
        put_file(folder, EMP_RUN_FILE, "{\n  \"" EMP_RUN_MARK "\": 1\n}\n");
        put_file(folder, "models/segment.json", "{}\n");
        put_file(folder, "models/churn.json", "{}\n");
        commit(folder);
        assert_true(exists("out/models/segment.json"));
        assert_int_equal(entries("out/models"), 2);
        assert_int_equal(entries("."), 1);
    }
    struct emp_run_folder *folder = begin("out");
    put_file(folder, "models/segment.json", "{}\n");
    emp__run_folder_abandon(folder);
    assert_int_equal(entries("."), 1);
}

static void a_file_where_a_folder_must_be(void **state)
{
    (void)state;
    struct emp_run_folder *folder = begin("out");
    char *path = NULL;
    emp_error error = {0};
    put_file(folder, "models", "text\n");
    assert_int_equal(emp__run_folder_file(folder, "models/segment.json", &path, &error), EMP_OK);
    assert_int_equal(emp__write_file(path, "x", 1, &error), EMP_ERR_CREATE);
    free(path);
    emp__run_folder_abandon(folder);
}

static void an_empty_folder_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(mkdir("out", 0755), 0);
    run("out", "new.csv");
    assert_true(exists("out/new.csv"));
    assert_int_equal(entries("."), 1);
}

static void a_link_is_followed(void **state)
{
    (void)state;
    run("nights/monday", "old.csv");
    assert_int_equal(symlink("nights/monday", "latest"), 0);
    run("latest", "new.csv");
    assert_true(exists("nights/monday/new.csv"));
    struct stat link;
    assert_int_equal(lstat("latest", &link), 0);
    assert_true(S_ISLNK(link.st_mode));
    assert_int_equal(entries("nights"), 1);
}

static void what_is_no_run_is_never_replaced(void **state)
{
    (void)state;
    assert_int_equal(mkdir("photos", 0755), 0);
    assert_int_equal(emp__write_file("photos/cat.jpg", "x", 1, NULL), EMP_OK);
    assert_refused("photos", "holds files but no run of emptor");
    assert_int_equal(emp__write_file("photos/run.json", "{\"speed\": 9}", 12, NULL), EMP_OK);
    assert_refused("photos", "holds files but no run of emptor");
    assert_refused("photos/cat.jpg", "not a folder");
    assert_refused("photos/cat.jpg/out", "Not a directory");
    assert_refused(".", "current folder");
    assert_refused("..", "current folder");
    assert_refused("photos/..", "current folder");
    assert_refused("/", "root folder");
    assert_refused("", "needs a name");
    assert_refused("none/..", "needs a name");
    assert_int_equal(symlink("nowhere", "link"), 0);
    assert_refused("link", "symbolic link to nothing");
    char name[300];
    memset(name, 'n', sizeof name - 1);
    name[250] = '\0';
    assert_refused(name, "File name too long");
    assert_int_equal(entries("photos"), 2);
    assert_int_equal(entries("."), 2);
}

static void abandoned_is_gone(void **state)
{
    (void)state;
    run("out", "old.csv");
    struct emp_run_folder *folder = begin("out");
    put_file(folder, "half.csv", "a,");
    emp__run_folder_abandon(folder);
    assert_int_equal(entries("."), 1);
    assert_true(exists("out/old.csv"));
    emp__run_folder_abandon(begin("other"));
    assert_int_equal(entries("."), 1);
    emp__run_folder_abandon(NULL);
}

/* The target changes between begin and commit: the commit fails, and what stands there stays. */
static void a_failing_commit_leaves_the_target(void **state)
{
    (void)state;
    struct emp_run_folder *folder = begin("out");
    put_file(folder, "new.csv", "a\n");
    assert_int_equal(mkdir("out", 0755), 0);
    assert_int_equal(emp__write_file("out/cat.jpg", "x", 1, NULL), EMP_OK);
    emp_error error = {0};
    assert_int_equal(emp__run_folder_commit(folder, &error), EMP_ERR_CREATE);
    assert_non_null(strstr(error.message, "holds files but no run of emptor"));
    assert_true(exists("out/cat.jpg"));
    assert_false(exists("out/new.csv"));
    assert_int_equal(entries("."), 1);
    emp__run_folder_abandon(folder);

    folder = begin("file");
    assert_int_equal(emp__write_file("file", "x", 1, NULL), EMP_OK);
    assert_int_equal(emp__run_folder_commit(folder, &error), EMP_ERR_CREATE);
    emp__run_folder_abandon(folder);
    assert_int_equal(entries("."), 2);
}

/* A link in the staging folder cannot be synced: a failure before anything was renamed. */
static void a_failing_sync_leaves_the_former_run(void **state)
{
    (void)state;
    run("out", "old.csv");
    struct emp_run_folder *folder = begin("out");
    char *path = NULL;
    assert_int_equal(emp__run_folder_file(folder, "link", &path, NULL), EMP_OK);
    assert_int_equal(symlink("nowhere", path), 0);
    free(path);
    emp_error error = {0};
    assert_int_equal(emp__run_folder_commit(folder, &error), EMP_ERR_IO);
    assert_non_null(strstr(error.message, "cannot write the run folder to disk"));
    emp__run_folder_abandon(folder);
    assert_true(exists("out/old.csv"));
    assert_int_equal(entries("."), 1);
}

/* A child that has begun a run for `target` and waits to be killed. */
static pid_t start_run(const char *target)
{
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct emp_run_folder *folder = NULL;
        if (emp__run_folder_begin(target, &folder, NULL) != EMP_OK)
            _exit(1);
        put_file(folder, "half.csv", "a,");
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    char byte = 0;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void kill_run(pid_t child)
{
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void leftovers_of_killed_runs_are_removed(void **state)
{
    (void)state;
    run("out", "old.csv");
    kill_run(start_run("out"));
    kill_run(start_run("outside"));
    assert_int_equal(mkdir(".out.emptor-mine", 0700), 0);
    assert_int_equal(mkdir(".out.emptor-12-", 0700), 0);
    assert_true(exists("out/old.csv"));
    assert_int_equal(entries("."), 5);
    run("out", "new.csv");
    assert_true(exists("out/new.csv"));
    assert_int_equal(entries("."), 4); /* the two of no run, and what another target left */
    run("outside", "new.csv");
    assert_int_equal(entries("."), 4);
}

static void a_living_run_keeps_its_folder(void **state)
{
    (void)state;
    pid_t child = start_run("out");
    assert_int_equal(entries("."), 1);
    run("out", "new.csv");
    assert_int_equal(entries("."), 2);
    struct emp_run_folder *one = begin("out");
    struct emp_run_folder *two = begin("out");
    assert_string_not_equal(emp__run_folder_path(one), emp__run_folder_path(two));
    put_file(one, EMP_RUN_FILE, "{\"" EMP_RUN_MARK "\": 1}");
    commit(one);
    put_file(two, "two.csv", "");
    commit(two);
    assert_true(exists("out/two.csv"));
    assert_int_equal(entries("out"), 1);
    assert_int_equal(entries("."), 2);
    kill_run(child);
}

/* The target is asked for where nothing can be made. */
static void a_folder_that_cannot_be_written(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip();
    assert_int_equal(mkdir("closed", 0500), 0);
    assert_refused("closed/out", "Permission denied");
    assert_refused("closed/a/out", "Permission denied");
    assert_int_equal(chmod("closed", 0700), 0);
}

static void the_current_folder_does_not_matter_later(void **state)
{
    (void)state;
    struct emp_run_folder *folder = begin("out");
    assert_int_equal(mkdir("elsewhere", 0700), 0);
    assert_int_equal(chdir("elsewhere"), 0);
    put_file(folder, "new.csv", "a\n");
    commit(folder);
    assert_int_equal(chdir(".."), 0);
    assert_true(exists("out/new.csv"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_folder_appears_whole),           TEST(a_run_folder_is_replaced),
        TEST(a_file_in_a_folder_of_its_own),        TEST(a_file_where_a_folder_must_be),
        TEST(an_empty_folder_is_replaced),          TEST(a_link_is_followed),
        TEST(what_is_no_run_is_never_replaced),     TEST(abandoned_is_gone),
        TEST(a_failing_commit_leaves_the_target),   TEST(a_failing_sync_leaves_the_former_run),
        TEST(leftovers_of_killed_runs_are_removed), TEST(a_living_run_keeps_its_folder),
        TEST(a_folder_that_cannot_be_written),      TEST(the_current_folder_does_not_matter_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
