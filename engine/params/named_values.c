// SPDX-License-Identifier: Apache-2.0
#include "params/named_values.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Room for the names of a map, and the names. */
static emp_status load_names(const struct emp_node *node, char ***names, struct emp_place **places,
                             size_t *count, emp_error *error)
{
    if (node->kind != EMP_NODE_MAP)
        return emp__node_expected(node, "a map from names to values", error);
    emp_status status = emp__new_array(names, node->count, sizeof(char *), error);
    if (status == EMP_OK)
        status = emp__new_array(places, node->count, sizeof(struct emp_place), error);
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        const char *name = node->keys[i]->text;
        (*places)[i] = emp__node_place(node->keys[i]);
        status = emp__copy_text(&(*names)[i], name, strlen(name), error);
        *count = i + 1;
    }
    return status;
}

emp_status emp__named_reals_load(const struct emp_node *node, const double bounds[2],
                                 struct emp_named_reals *out, emp_error *error)
{
    emp_status status = load_names(node, &out->names, &out->places, &out->count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->values, out->count, sizeof *out->values, error);
    for (size_t i = 0; status == EMP_OK && i < out->count; i++)
        status = emp__node_real(node->items[i], bounds[0], bounds[1], &out->values[i], error);
    return status;
}

emp_status emp__named_texts_load(const struct emp_node *node, struct emp_named_texts *out,
                                 emp_error *error)
{
    emp_status status = load_names(node, &out->names, &out->places, &out->count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->texts, out->count, sizeof(char *), error);
    for (size_t i = 0; status == EMP_OK && i < out->count; i++) {
        const char *text = NULL;
        status = emp__node_text(node->items[i], &text, error);
        if (status == EMP_OK)
            status = emp__copy_text(&out->texts[i], text, strlen(text), error);
    }
    return status;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        free(texts[i]);
    free((void *)texts);
}

void emp__named_reals_free(struct emp_named_reals *values)
{
    free_texts(values->names, values->count);
    free(values->values);
    free(values->places);
    *values = (struct emp_named_reals){0};
}

void emp__named_texts_free(struct emp_named_texts *values)
{
    free_texts(values->names, values->count);
    free_texts(values->texts, values->count);
    free(values->places);
    *values = (struct emp_named_texts){0};
}

size_t emp__named_find(char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}
