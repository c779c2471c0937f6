// SPDX-License-Identifier: Apache-2.0
/* JSON as text: its layout, its numbers, and that jansson reads back what was written. */
#include "sink/json_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!value)
        fail_msg("%s in %s", error.text, text);
    return value;
}

static void assert_text(const char *json, const char *expected)
{
    json_t *value = parse(json);
    struct emp_buffer text = {0};
    assert_int_equal(emp__json_text(value, &text, NULL), EMP_OK);
    assert_string_equal(text.data, expected);
    json_t *again = parse(text.data);
    assert_true(json_equal(value, again));
    json_decref(again);
    json_decref(value);
    emp__buffer_free(&text);
}

static void numbers(void **state)
{
    (void)state;
    assert_text("[0.1, 1e22, 5.0, -0.25, 1e-300, 2.0]", "[0.1, 1e+22, 5.0, -0.25, 1e-300, 2.0]\n");
    assert_text("[0, -9223372036854775808, 9223372036854775807]",
                "[0, -9223372036854775808, 9223372036854775807]\n");
}

static void layout(void **state)
{
    (void)state;
    assert_text("{}", "{}\n");
    assert_text("[]", "[]\n");
    assert_text("null", "null\n");
    assert_text("{\"z\": {\"b\": [true, false, null]}, \"a\": [], \"m\": [[1, 2], {\"k\": 1}]}",
                "{\n  \"z\": {\n    \"b\": [true, false, null]\n  },\n  \"a\": [],\n"
                "  \"m\": [\n    [1, 2],\n    {\"k\": 1}\n  ]\n}\n");
}

static void strings(void **state)
{
    (void)state;
    assert_text("{\"a \\\"key\\\"\": \"\\\\ \\n \\t \\u0001 \\u00e4\"}",
                "{\n  \"a \\\"key\\\"\": \"\\\\ \\n \\u0009 \\u0001 \xc3\xa4\"\n}\n");
    assert_text("\"a\\u0000b\"", "\"a\\u0000b\"\n");
}

static void files(void **state)
{
    (void)state;
    char name[] = "emptor-json-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    json_t *value = parse("{\"a\": 1.5}");
    assert_int_equal(emp__json_write(name, value, NULL), EMP_OK);
    char text[64] = {0};
    assert_int_equal(read(fd, text, sizeof text), 15);
    assert_string_equal(text, "{\n  \"a\": 1.5\n}\n");
    close(fd);
    unlink(name);
    emp_error error = {0};
    assert_int_equal(emp__json_write("/dev/full", value, &error), EMP_ERR_IO);
    assert_string_equal(error.message, "cannot write: No space left on device");
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(layout),
        cmocka_unit_test(strings),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
