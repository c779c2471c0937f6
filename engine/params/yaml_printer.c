// SPDX-License-Identifier: Apache-2.0
/* A tree of nodes as YAML text, by libyaml's emitter. */
#include <string.h>
#include <yaml.h>

#include "base/buffer.h"
#include "params/node.h"

/* A list in flow style has at most so many items and bytes of text. */
enum { FLOW_ITEMS = 16, FLOW_BYTES = 72 };

struct printer {
    yaml_emitter_t emitter;
    struct emp_buffer text;
};

static int write_text(void *data, unsigned char *bytes, size_t length)
{
    struct printer *printer = data;
    return emp__buffer_add(&printer->text, bytes, length, NULL) == EMP_OK;
}

/* `made` is what libyaml's making of the event returned; the emitter owns the event. */
static bool emit(struct printer *printer, yaml_event_t *event, int made)
{
    return made && yaml_emitter_emit(&printer->emitter, event);
}

/* Quotes are kept, and the emitter adds them where plain text would read as something else. */
static bool print_scalar(struct printer *printer, const struct emp_node *node)
{
    yaml_event_t event;
    yaml_scalar_style_t style =
        node->quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
    return emit(printer, &event,
                yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)node->text,
                                             (int)strlen(node->text), !node->quoted, 1, style));
}

/* An empty plain scalar (null) can't be written in flow style. */
static bool fits_flow(const struct emp_node *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct emp_node *item = list->items[i];
        if (item->kind != EMP_NODE_SCALAR || (item->text[0] == '\0' && !item->quoted))
            return false;
        bytes += strlen(item->text);
    }
    return list->count <= FLOW_ITEMS && bytes <= FLOW_BYTES;
}

static bool print_node(struct printer *printer, const struct emp_node *node);

static bool print_list(struct printer *printer, const struct emp_node *node)
{
    yaml_event_t event;
    yaml_sequence_style_t style =
        fits_flow(node) ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
    bool good =
        emit(printer, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style));
    for (size_t i = 0; i < node->count && good; i++)
        good = print_node(printer, node->items[i]);
    return good && emit(printer, &event, yaml_sequence_end_event_initialize(&event));
}

static bool print_map(struct printer *printer, const struct emp_node *node)
{
    yaml_event_t event;
    bool good =
        emit(printer, &event,
             yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
    for (size_t i = 0; i < node->count && good; i++)
        good = print_scalar(printer, node->keys[i]) && print_node(printer, node->items[i]);
    return good && emit(printer, &event, yaml_mapping_end_event_initialize(&event));
}

static bool print_node(struct printer *printer, const struct emp_node *node)
{
    switch (node->kind) {
    case EMP_NODE_LIST:
        return print_list(printer, node);
    case EMP_NODE_MAP:
        return print_map(printer, node);
    default:
        return print_scalar(printer, node);
    }
}

static bool print_document(struct printer *printer, const struct emp_node *node)
{
    yaml_event_t event;
    return emit(printer, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) &&
           emit(printer, &event,
                yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) &&
           print_node(printer, node) &&
           emit(printer, &event, yaml_document_end_event_initialize(&event, 1)) &&
           emit(printer, &event, yaml_stream_end_event_initialize(&event));
}

emp_status emp__node_print(const struct emp_node *node, char **out, emp_error *error)
{
    struct printer printer = {.text = {0}};
    emp_status status = EMP_OK;
    if (!yaml_emitter_initialize(&printer.emitter))
        return emp__fail(error, EMP_ERR_MEMORY, "out of memory while printing parameters");
    yaml_emitter_set_output(&printer.emitter, write_text, &printer);
    yaml_emitter_set_unicode(&printer.emitter, 1);
    yaml_emitter_set_width(&printer.emitter, -1);
    if (print_document(&printer, node)) {
        *out = printer.text.data;
        printer.text.data = NULL;
    } else if (printer.emitter.error == YAML_EMITTER_ERROR) {
        status = emp__fail(error, EMP_ERR_INTERNAL, "cannot print parameters: %s",
                           printer.emitter.problem);
    } else {
        status = emp__fail(error, EMP_ERR_MEMORY, "out of memory while printing parameters");
    }
    yaml_emitter_delete(&printer.emitter);
    emp__buffer_free(&printer.text);
    return status;
}
