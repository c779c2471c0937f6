// SPDX-License-Identifier: Apache-2.0
/* The reference of all features as Markdown. */
#include <emptor/features.h>

#include "base/buffer.h"
#include "features/feature.h"

static const char preface[] =
    "Numbers that describe a customer, computed from the rows of the history up to the analysis\n"
    "date, its own rows included. In the formulas `date` is the analysis date, `first` and `last`\n"
    "are the days of the first and the last purchase, and `bought` is the sum of the purchase\n"
    "rows. A purchase row has an amount of 0 or more, a return row a negative one. What counts as\n"
    "one purchase (an order, a day or a row) is for the analysis that asks to say, as\n"
    "`rfm.merge` does. A quotient is the double nearest to the exact value. `recency_days`,\n"
    "`frequency`, `monetary`, `return_rows` and `return_amount` are those of customers.csv\n"
    "(`monetary` with `rfm.monetary: sum`; `mean_purchase` is what `rfm.monetary: mean` writes).\n"
    "\n"
    "Missing: the customer has no such value. Needs: a column of the transactions, or all rows in\n"
    "memory until they are in order; without an entry, the sums of each customer are enough.\n"
    "\n"
    "| feature | unit | definition | needs |\n"
    "| --- | --- | --- | --- |\n";

static const char *needs_text(struct emp_needs needs)
{
    if (needs.products)
        return "rows, `product`";
    if (needs.channels)
        return "rows, `channel`";
    return emp__needs_rows(needs) ? "rows" : "";
}

/* A cell of the table, with what ends it. */
static emp_status add_cell(const char *text, const char *end, struct emp_buffer *out,
                           emp_error *error)
{
    return emp__buffer_printf(out, error, " %s%s%s", text, text[0] ? " " : "", end);
}

static emp_status add_feature(const struct emp_feature *feature, struct emp_buffer *out,
                              emp_error *error)
{
    emp_status status = emp__buffer_printf(out, error, "| `%s` |", feature->name);
    if (status == EMP_OK)
        status = add_cell(feature->unit, "|", out, error);
    if (status == EMP_OK)
        status = add_cell(feature->definition, "|", out, error);
    if (status == EMP_OK)
        status = add_cell(needs_text(feature->needs), "|\n", out, error);
    return status;
}

emp_status emp_features_reference(char **out, emp_error *error)
{
    struct emp_buffer text = {0};
    emp_status status = emp__buffer_text(&text, preface, error);
    for (size_t i = 0; emp__features[i].name && status == EMP_OK; i++)
        status = add_feature(&emp__features[i], &text, error);
    if (status == EMP_OK)
        *out = text.data;
    else
        emp__buffer_free(&text);
    return status;
}
