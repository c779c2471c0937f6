// SPDX-License-Identifier: Apache-2.0
/*
 * Synthetic histories: the same bytes for any number of threads, a report that is true, dirty rows
 * that are dirty, nothing left behind by a failure, and processes with the moments of the theory.
 */
#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include <emptor/generate.h>

#include "generate/generate_events.h"
#include "text/civil_time.h"

enum { MOST_SETS = 12, PATH_ROOM = 600 };

struct bytes {
    char *data;
    size_t length;
};

/* A folder of our own for each test. */
struct place {
    char folder[256], path[PATH_ROOM];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    const char *base = getenv("TMPDIR");
    if (!place)
        return -1;
    snprintf(place->folder, sizeof place->folder, "%s/emptor-generate-XXXXXX",
             base ? base : "/tmp");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/out.csv", place->folder);
    *state = place;
    return 0;
}

/* Files in the folder; with `remove_them`, takes them away. */
static int count_files(const struct place *place, bool remove_them)
{
    DIR *folder = opendir(place->folder);
    assert_non_null(folder);
    int count = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        count++;
        if (remove_them)
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
    return count;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    count_files(place, true);
    rmdir(place->folder);
    free(place);
    return 0;
}

/* Reads a file whole, unpacked if it is gzip, with a zero byte behind it. */
static struct bytes read_file(const char *path)
{
    struct bytes bytes = {0};
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    size_t capacity = 1 << 16;
    for (int got = 1; got > 0;) {
        bytes.data = realloc(bytes.data, capacity + 1);
        assert_non_null(bytes.data);
        got = gzread(file, bytes.data + bytes.length, (unsigned)(capacity - bytes.length));
        assert_true(got >= 0);
        bytes.length += (size_t)got;
        capacity = 2 * capacity;
    }
    gzclose(file);
    bytes.data[bytes.length] = '\0';
    return bytes;
}

static size_t count_sets(const char *const *sets)
{
    size_t count = 0;
    while (sets[count])
        count++;
    return count;
}

/* `sets` ends with NULL. */
static struct bytes generate(const char *path, const char *const *sets, int threads,
                             emp_generate_report *report)
{
    emp_options options = {.threads = threads};
    emp_error error = {0};
    emp_status status = emp_generate(NULL, sets, count_sets(sets), path, &options, report, &error);
    if (status != EMP_OK)
        print_error("%s\n", error.message);
    assert_int_equal(status, EMP_OK);
    return read_file(path);
}

static const char *const shapes[][MOST_SETS] = {
    {"customers=700", "returns.share=0.1", "dirty.share=0.05", "quoted.rows=0.3",
     "quoted.products=0.3", "basket.lines=2.5", "dirty.open_quote=true", NULL},
    {"customers=3000", "columns=minimal", "times=datetime", "ids=text", "returns.share=0.1",
     "season.weekdays=[1, 1, 1, 1, 1, 2, 0]", "dropout.kind=exponential", NULL},
    {"customers=700", "order=customer", "returns.share=0.1", "dropout.kind=modified",
     "basket.lines=3", "delimiter=semicolon", NULL},
    {"customers=700", "order=shuffled", "dropout.kind=none", "purchase.scale=40", NULL},
    {"customers=20000", "columns=minimal", "start=2024-02-28", "end=2024-03-02", NULL},
};

enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static void test_threads_do_not_matter(void **state)
{
    struct place *place = *state;
    static const int threads[] = {2, 3, 7};
    for (int shape = 0; shape < SHAPES; shape++) {
        emp_generate_report one, many;
        struct bytes first = generate(place->path, shapes[shape], 1, &one);
        for (int i = 0; i < 3; i++) {
            struct bytes other = generate(place->path, shapes[shape], threads[i], &many);
            assert_int_equal(first.length, other.length);
            assert_memory_equal(first.data, other.data, first.length);
            assert_memory_equal(&one, &many, sizeof one);
            free(other.data);
        }
        free(first.data);
    }
}

static void test_bytes_are_fixed(void **state)
{
    struct place *place = *state;
    static const uint64_t expected[SHAPES] = {
        UINT64_C(0xff5ab40165de68e4), UINT64_C(0x9786180dc3a0da77), UINT64_C(0x79f5ff27ff36aa5d),
        UINT64_C(0x7791623d878fa0bf), UINT64_C(0x7c5913285599feee)};
    int changed = 0;
    for (int shape = 0; shape < SHAPES; shape++) {
        struct bytes bytes = generate(place->path, shapes[shape], 0, NULL);
        uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
        for (size_t i = 0; i < bytes.length; i++)
            hash = (hash ^ (unsigned char)bytes.data[i]) * UINT64_C(0x100000001b3);
        free(bytes.data);
        if (hash != expected[shape])
            print_error("shape %d has 0x%016" PRIx64 "\n", shape, hash);
        changed += hash != expected[shape];
    }
    assert_int_equal(changed, 0);
}

static void test_compressed_is_the_same(void **state)
{
    struct place *place = *state;
    char packed[PATH_ROOM];
    snprintf(packed, sizeof packed, "%s/out.csv.gz", place->folder);
    const char *const sets[] = {"customers=20000", "columns=minimal", NULL};
    struct bytes plain = generate(place->path, sets, 2, NULL);
    struct bytes gzip = generate(packed, sets, 3, NULL);
    assert_int_equal(plain.length, gzip.length);
    assert_memory_equal(plain.data, gzip.data, plain.length);
    free(plain.data);
    free(gzip.data);

    char magic[4] = {0};
    snprintf(packed, sizeof packed, "%s/out.csv.zst", place->folder);
    assert_int_equal(emp_generate(NULL, sets, 2, packed, NULL, NULL, NULL), EMP_OK);
    FILE *file = fopen(packed, "rb");
    assert_non_null(file);
    assert_int_equal(fread(magic, 1, 4, file), 4);
    fclose(file);
    assert_memory_equal(magic, "\x28\xb5\x2f\xfd", 4);
}

/* Cuts the next line from *text, or returns NULL at its end. */
static char *next_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');
    if (!end)
        return NULL;
    *end = '\0';
    *text = end + 1;
    return line;
}

/* Cuts a line at its commas (there are no quotes in it). Returns the number of fields. */
static int cut_fields(char *line, char *fields[16])
{
    int count = 0;
    for (char *field = line; field && count < 16; count++) {
        fields[count] = field;
        field = strchr(field, ',');
        if (field)
            *field++ = '\0';
    }
    return count;
}

/* An amount with two decimals in minor units. */
static bool parse_amount(const char *text, int64_t *out)
{
    bool negative = *text == '-';
    size_t digits = strspn(text + negative, "0123456789");
    const char *point = text + negative + digits;
    if (digits == 0 || digits > 15 || *point != '.' || strspn(point + 1, "0123456789") != 2 ||
        point[3] != '\0')
        return false;
    int64_t whole = strtoll(text + negative, NULL, 10) * 100 + strtoll(point + 1, NULL, 10);
    *out = negative ? -whole : whole;
    return true;
}

/* A day from YYYY-MM-DD. */
static bool parse_day(const char *text, int64_t *out)
{
    int year = 0, month = 0, day = 0, length = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &length) != 3 || text[length] != '\0')
        return false;
    *out = emp__days_from_civil(year, month, day);
    return month <= 12 && day <= 31;
}

static bool row_is_good(char *line, int columns)
{
    char *fields[16];
    int64_t amount, day;
    return cut_fields(line, fields) == columns && fields[0][0] != '\0' &&
           strspn(fields[0], "0123456789") == strlen(fields[0]) && parse_day(fields[1], &day) &&
           parse_amount(fields[2], &amount);
}

static void test_report_is_true(void **state)
{
    struct place *place = *state;
    const char *const sets[] = {"customers=900", "columns=minimal", "returns.share=0.2",
                                "basket.lines=2", NULL};
    emp_generate_report report;
    struct bytes bytes = generate(place->path, sets, 3, &report);
    bool seen[901] = {false};
    uint64_t rows = 0, returns = 0, customers = 0;
    int64_t sum = 0;
    char *rest = bytes.data;
    assert_string_equal(next_line(&rest), "customer_id,date,amount");
    for (char *line = next_line(&rest); line; line = next_line(&rest)) {
        char *fields[16];
        int64_t amount;
        assert_int_equal(cut_fields(line, fields), 3);
        assert_true(parse_amount(fields[2], &amount));
        long customer = strtol(fields[0], NULL, 10);
        assert_true(customer >= 1 && customer <= 900);
        customers += !seen[customer];
        seen[customer] = true;
        rows++;
        returns += fields[2][0] == '-';
        sum += amount;
    }
    assert_int_equal(*rest, '\0');
    assert_int_equal(report.customers, customers);
    assert_int_equal(report.rows, rows);
    assert_int_equal(report.return_rows, returns);
    assert_true(returns > 0);
    assert_int_equal(report.amount_minor, sum);
    assert_int_equal(report.bytes, bytes.length);
    assert_int_equal(report.dirty_rows, 0);
    free(bytes.data);
}

/* Taking the dirty rows away leaves the clean file, and each of them is broken. */
static void check_dirty(struct place *place, const char *columns, const char *const *extra)
{
    const char *clean_sets[MOST_SETS] = {"customers=1500", columns};
    const char *dirty_sets[MOST_SETS] = {"customers=1500", columns, "dirty.share=0.2"};
    for (size_t i = 0; extra[i]; i++)
        dirty_sets[3 + i] = extra[i];
    emp_generate_report report;
    struct bytes clean = generate(place->path, clean_sets, 2, NULL);
    struct bytes dirty = generate(place->path, dirty_sets, 3, &report);
    char *clean_rest = clean.data, *dirty_rest = dirty.data;
    char *wanted = next_line(&clean_rest);
    uint64_t bad = 0, rows = 0;
    int fields = strcmp(columns, "columns=full") == 0 ? 8 : 3;
    for (char *line = next_line(&dirty_rest); line; line = next_line(&dirty_rest), rows++) {
        if (wanted && strcmp(line, wanted) == 0) {
            wanted = next_line(&clean_rest);
        } else {
            assert_false(row_is_good(line, fields));
            bad++;
        }
    }
    assert_null(wanted);
    assert_int_equal(report.rows + 1, rows);
    assert_int_equal(report.dirty_rows, bad);
    uint64_t faults = 0;
    for (int i = 0; i < EMP_FAULT_COUNT; i++)
        faults += report.faults[i];
    assert_int_equal(faults, bad);
    double good = (double)(report.rows - bad);
    assert_true(fabs((double)bad - 0.2 * good) < 4.5 * sqrt(0.2 * 0.8 * good));
    free(clean.data);
    free(dirty.data);
}

static void test_dirty_rows(void **state)
{
    static const char *const none[] = {NULL};
    check_dirty(*state, "columns=full", none);
    check_dirty(*state, "columns=minimal", none);
    for (int fault = 0; fault < EMP_FAULT_OPEN_QUOTE; fault++) {
        char set[64];
        snprintf(set, sizeof set, "dirty.faults=[%s]", emp_fault_text((emp_fault)fault));
        const char *const extra[] = {set, NULL};
        check_dirty(*state, "columns=full", extra);
        check_dirty(*state, "columns=minimal", extra);
    }
}

static void test_open_quote(void **state)
{
    struct place *place = *state;
    const char *const sets[] = {"customers=10", "dirty.open_quote=true", NULL};
    emp_generate_report report;
    struct bytes bytes = generate(place->path, sets, 1, &report);
    char *quote = strchr(bytes.data, '"');
    assert_non_null(quote);
    assert_null(strchr(quote + 1, '"'));
    assert_int_equal(report.dirty_rows, 1);
    assert_int_equal(report.faults[EMP_FAULT_OPEN_QUOTE], 1);
    free(bytes.data);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The rows of a file, sorted, as one text. */
static size_t sorted_lines(struct bytes bytes, char ***out)
{
    size_t count = 0;
    char *rest = bytes.data;
    *out = calloc(bytes.length, sizeof **out);
    assert_non_null(*out);
    for (char *line = next_line(&rest); line; line = next_line(&rest))
        (*out)[count++] = line;
    qsort(*out, count, sizeof **out, compare_lines);
    return count;
}

static void check_time_order(char *text)
{
    char last[32] = "";
    next_line(&text);
    for (char *line = next_line(&text); line; line = next_line(&text)) {
        char *fields[16];
        cut_fields(line, fields);
        assert_true(strcmp(last, fields[1]) <= 0);
        snprintf(last, sizeof last, "%s", fields[1]);
    }
}

static void test_orders_of_rows(void **state)
{
    struct place *place = *state;
    static const char *const orders[] = {"order=time", "order=customer", "order=shuffled"};
    char **lines[3];
    struct bytes files[3];
    size_t count[3];
    for (int i = 0; i < 3; i++) {
        const char *const sets[] = {"customers=800", "returns.share=0.1", "times=datetime",
                                    orders[i], NULL};
        files[i] = generate(place->path, sets, 2, NULL);
        if (i == 0) {
            char *copy = strdup(files[0].data);
            assert_non_null(copy);
            check_time_order(copy);
            free(copy);
        }
        count[i] = sorted_lines(files[i], &lines[i]);
        assert_int_equal(count[i], count[0]);
        for (size_t row = 0; row < count[i]; row++)
            assert_string_equal(lines[i][row], lines[0][row]);
    }
    for (int i = 0; i < 3; i++) {
        free(lines[i]);
        free(files[i].data);
    }
}

/* Customers, times and amounts do not depend on which columns are shown. */
static void test_minimal_is_a_part_of_full(void **state)
{
    struct place *place = *state;
    const char *const minimal_sets[] = {"customers=300", "basket.lines=2", "columns=minimal", NULL};
    const char *const full_sets[] = {"customers=300", "basket.lines=2", "columns=full", NULL};
    struct bytes minimal = generate(place->path, minimal_sets, 1, NULL);
    struct bytes full = generate(place->path, full_sets, 1, NULL);
    char *minimal_rest = minimal.data, *full_rest = full.data;
    for (char *line = next_line(&minimal_rest); line; line = next_line(&minimal_rest)) {
        char *other = next_line(&full_rest);
        assert_non_null(other);
        assert_memory_equal(line, other, strlen(line));
        assert_int_equal(other[strlen(line)], ',');
    }
    free(minimal.data);
    free(full.data);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool yes(void *user)
{
    (void)user;
    return true;
}

/* Says yes from the n-th time on. */
static bool yes_after(void *user)
{
    int *left = user;
    return --*left < 0;
}

static void test_failures_leave_nothing(void **state)
{
    struct place *place = *state;
    emp_generate_report report = {.rows = 77};
    emp_error error;
    assert_int_equal(emp_generate(NULL, NULL, 0, "/dev/full", NULL, &report, &error), EMP_ERR_IO);
    assert_int_equal(error.status, EMP_ERR_IO);
    assert_string_equal(error.file, "/dev/full");

    char missing[PATH_ROOM];
    snprintf(missing, sizeof missing, "%s/none/out.csv", place->folder);
    assert_int_equal(emp_generate(NULL, NULL, 0, missing, NULL, &report, &error), EMP_ERR_CREATE);
    assert_int_equal(emp_generate(NULL, NULL, 0, place->folder, NULL, &report, &error),
                     EMP_ERR_CREATE);
    assert_int_equal(count_files(place, false), 0);

    write_text(place->path, "old\n");
    emp_options options = {.threads = 2, .cancelled = yes};
    assert_int_equal(emp_generate(NULL, NULL, 0, place->path, &options, &report, &error),
                     EMP_ERR_CANCELLED);
    const char *const sets[] = {"customers=30000", "columns=minimal"};
    for (int calls = 1; calls < 10000; calls = 2 * calls + 1) {
        int left = calls;
        options = (emp_options){.threads = 3, .cancelled = yes_after, .user = &left};
        emp_status status = emp_generate(NULL, sets, 2, place->path, &options, &report, &error);
        if (status == EMP_OK)
            break;
        assert_int_equal(status, EMP_ERR_CANCELLED);
        assert_int_equal(report.rows, 77);
        struct bytes old = read_file(place->path);
        assert_string_equal(old.data, "old\n");
        free(old.data);
        assert_int_equal(count_files(place, false), 1);
    }
    assert_true(report.rows > 30000);
    assert_int_equal(count_files(place, false), 1);
}

static void test_wrong_options(void **state)
{
    struct place *place = *state;
    static const char *const wrong[] = {
        "end=2022-12-31",
        "end=2023-01-01",
        "customers=0",
        "no_such_key=1",
        "channels={}",
        "channels={shop: 0}",
        "channels={shop: -1}",
        "season.months=[1, 2, 3]",
        "season.weekdays=[0, 0, 0, 0, 0, 0, 0]",
        "dirty.faults=[bad_datum]",
        "dirty.faults=[open_quote]",
        "cost.low=0.95",
        "order=sideways",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        emp_error error = {0};
        emp_status status = emp_generate(NULL, &wrong[i], 1, place->path, NULL, NULL, &error);
        if (status != EMP_ERR_PARAMS)
            print_error("%s\n", wrong[i]);
        assert_int_equal(status, EMP_ERR_PARAMS);
        assert_true(error.message[0] != '\0');
    }
    assert_int_equal(count_files(place, false), 0);
}

static void test_named_samples(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {"small",      "medium", "large",
                                        "large-text", "dirty",  "quoted"};
    const char *const sets[] = {"customers=200"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_ROOM];
        snprintf(path, sizeof path, "%s/datasets/%s.yaml", EMPTOR_SOURCE, names[i]);
        emp_generate_report report;
        emp_error error = {0};
        emp_status status = emp_generate(path, sets, 1, place->path, NULL, &report, &error);
        if (status != EMP_OK)
            print_error("%s:%" PRIu64 ": %s\n", path, error.line, error.message);
        assert_int_equal(status, EMP_OK);
        assert_int_equal(report.customers, 200);
    }
}

static void test_reference(void **state)
{
    (void)state;
    char *text = NULL;
    assert_int_equal(emp_generate_reference(&text, NULL), EMP_OK);
    assert_non_null(strstr(text, "dropout"));
    assert_non_null(strstr(text, "gamma-gamma"));
    free(text);
}

/* Parameters whose processes have moments in closed form. Two years from a Sunday. */
static struct emp_generate_params base_params(void)
{
    static char shop[] = "shop";
    static char *names[] = {shop};
    static double weights[] = {1.0};
    return (struct emp_generate_params){
        .customers = 20000,
        .seed = 11,
        .start = 19358,
        .end = 19358 + 728,
        .purchase_shape = 2.0,
        .purchase_scale = 10.0,
        .purchase_most = 100000,
        .dropout = EMP_DROPOUT_NONE,
        .dropout_a = 5.0,
        .dropout_b = 5.0,
        .dropout_shape = 2.5,
        .dropout_scale = 50.0,
        .returns_delay = 10.0,
        .basket_lines = 1.0,
        .basket_quantity = 1.0,
        .products = 1,
        .channels = {.names = names, .weights = weights, .count = 1},
    };
}

typedef double (*measure)(const struct emp_event *events, size_t count);

/* The mean over customers of what `of` makes of their events is within 4.5 standard errors. */
static void check_process(const struct emp_generate_params *params, measure of, double expected)
{
    struct emp_generate_plan plan;
    struct emp_event *events = calloc(2 * (size_t)params->purchase_most, sizeof *events);
    assert_non_null(events);
    assert_int_equal(emp__generate_plan_make(params, &plan, NULL), EMP_OK);
    double sum = 0.0, squares = 0.0, customers = plan.customers;
    for (uint32_t customer = 0; customer < plan.customers; customer++) {
        double value = of(events, emp__customer_events(&plan, customer, events));
        sum += value;
        squares += value * value;
    }
    double mean = sum / customers, variance = squares / customers - mean * mean;
    if (fabs(mean - expected) > 4.5 * sqrt(variance / customers))
        print_error("found %g, expected %g\n", mean, expected);
    assert_true(fabs(mean - expected) <= 4.5 * sqrt(variance / customers));
    emp__generate_plan_free(&plan);
    free(events);
}

static double repeats(const struct emp_event *events, size_t count)
{
    (void)events;
    return (double)count - 1.0;
}

static double repeats_squared(const struct emp_event *events, size_t count)
{
    return repeats(events, count) * repeats(events, count);
}

static double first_day(const struct emp_event *events, size_t count)
{
    (void)count;
    return events[0].time / 86400.0;
}

static double sundays(const struct emp_event *events, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += events[i].time / 86400 % 7 == 0;
    return sum / (double)count;
}

static void test_nbd_and_acquisition(void **state)
{
    (void)state;
    const double weeks = 104.0, r = 2.0, alpha = 10.0;
    struct emp_generate_params params = base_params();
    double mean = r * weeks / alpha;
    check_process(&params, repeats, mean);
    check_process(&params, repeats_squared,
                  mean * mean + mean + r * weeks * weeks / (alpha * alpha));
    params.acquisition_share = 0.5; /* on average a quarter of the period is lost */
    check_process(&params, repeats, mean * 0.75);
    check_process(&params, first_day, 182.0);
}

/* With purchases without end in time, the repeats are 1/p (BG/NBD) or 1/p - 1 (MBG/NBD), and the
   mean of 1/p under beta(a, b) is (a + b - 1) / (a - 1). */
static void test_geometric_dropout(void **state)
{
    (void)state;
    struct emp_generate_params params = base_params();
    params.purchase_shape = 50.0;
    params.purchase_scale = 1.0;
    params.dropout = EMP_DROPOUT_GEOMETRIC;
    check_process(&params, repeats, 9.0 / 4.0);
    params.dropout = EMP_DROPOUT_MODIFIED;
    check_process(&params, repeats, 9.0 / 4.0 - 1.0);
}

/* Schmittlein, Morrison & Colombo (1987): E X(t) = r beta / (alpha (s - 1)) (1 - (beta / (beta +
   t))^(s - 1)). */
static void test_exponential_dropout(void **state)
{
    (void)state;
    struct emp_generate_params params = base_params();
    params.dropout = EMP_DROPOUT_EXPONENTIAL;
    double ratio = 50.0 / (50.0 + 104.0);
    check_process(&params, repeats, 2.0 * 50.0 / (10.0 * 1.5) * (1.0 - pow(ratio, 1.5)));
}

static void test_season(void **state)
{
    (void)state;
    struct emp_generate_params params = base_params();
    params.acquisition_share = 1.0;
    params.weekdays = (struct emp_factors){.values = {0, 1, 1, 1, 1, 1, 4}, .count = 7};
    check_process(&params, sundays, 4.0 / 9.0);

    struct emp_generate_plan plan;
    struct emp_event *events = calloc(2 * (size_t)params.purchase_most, sizeof *events);
    assert_non_null(events);
    assert_int_equal(emp__generate_plan_make(&params, &plan, NULL), EMP_OK);
    for (uint32_t customer = 0; customer < 2000; customer++) {
        size_t count = emp__customer_events(&plan, customer, events);
        for (size_t i = 0; i < count; i++)
            assert_int_not_equal(events[i].time / 86400 % 7, 1); /* Mondays have the factor 0 */
    }
    emp__generate_plan_free(&plan);
    free(events);
}

static void test_returns(void **state)
{
    (void)state;
    struct emp_generate_params params = base_params();
    params.purchase_most = 1;
    params.returns_share = 0.25;
    check_process(&params, repeats, 0.25);
}

/* One order each: E z = p gamma / (q - 1), E z^2 = p (p + 1) gamma^2 / ((q - 1) (q - 2)). */
static void test_spend(void **state)
{
    struct place *place = *state;
    const char *const sets[] = {"customers=50000", "purchase.most=1", "spend.p=4", "spend.q=8",
                                "spend.gamma=35",  "columns=minimal", NULL};
    emp_generate_report report;
    struct bytes bytes = generate(place->path, sets, 2, &report);
    free(bytes.data);
    assert_int_equal(report.orders, 50000);
    double mean = 4.0 * 35.0 / 7.0, second = 4.0 * 5.0 * 35.0 * 35.0 / (7.0 * 6.0);
    double found = (double)report.amount_minor / 100.0 / 50000.0;
    assert_true(fabs(found - mean) < 4.5 * sqrt((second - mean * mean) / 50000.0));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_threads_do_not_matter),
        TEST(test_bytes_are_fixed),
        TEST(test_compressed_is_the_same),
        TEST(test_report_is_true),
        TEST(test_dirty_rows),
        TEST(test_open_quote),
        TEST(test_orders_of_rows),
        TEST(test_minimal_is_a_part_of_full),
        TEST(test_failures_leave_nothing),
        TEST(test_wrong_options),
        TEST(test_named_samples),
        TEST(test_reference),
        TEST(test_nbd_and_acquisition),
        TEST(test_geometric_dropout),
        TEST(test_exponential_dropout),
        TEST(test_season),
        TEST(test_returns),
        TEST(test_spend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
