// SPDX-License-Identifier: Apache-2.0
#include "analysis/deciles.h"

#include <stdlib.h>

#include "base/memory.h"

emp_status emp__rank_scores(const struct emp_scored *scored, struct emp_ranking_memory *out,
                            emp_error *error)
{
    size_t n = scored->n;
    *out = (struct emp_ranking_memory){.work = NULL};
    emp_status status = emp__new_array(&out->ranking.order, n, sizeof(uint32_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->ranking.groups, n, sizeof(struct emp_score_group), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->work, emp__ranking_work(scored->n), 1, error);
    if (status == EMP_OK)
        emp__rank(scored, out->work, &out->ranking);
    free(out->work);
    out->work = NULL;
    return status;
}

void emp__ranking_memory_free(struct emp_ranking_memory *memory)
{
    free(memory->ranking.order);
    free(memory->ranking.groups);
    free(memory->work);
    *memory = (struct emp_ranking_memory){.work = NULL};
}

const struct emp_table_field emp__decile_fields[] = {
    {"decile", EMP_FIELD_COUNT, offsetof(struct emp_decile_row, decile)},
    {"customers", EMP_FIELD_COUNT, offsetof(struct emp_decile_row, customers)},
    {"events", EMP_FIELD_REAL, offsetof(struct emp_decile_row, events)},
    {"rate", EMP_FIELD_REAL, offsetof(struct emp_decile_row, rate)},
    {"lift", EMP_FIELD_REAL, offsetof(struct emp_decile_row, lift)},
    {"cumulative_gain", EMP_FIELD_REAL, offsetof(struct emp_decile_row, cumulative_gain)},
    {"min_probability", EMP_FIELD_REAL, offsetof(struct emp_decile_row, min_probability)},
    {"set", EMP_FIELD_TEXT, offsetof(struct emp_decile_row, set)},
    {.name = NULL},
};

emp_status emp__decile_rows(const struct emp_ranking *ranking, const struct emp_scored *scored,
                            const char *set, struct emp_decile_row *rows, emp_error *error)
{
    struct emp_decile table[EMP_DECILES];
    uint16_t *decile = NULL;
    emp_status status = emp__new_array(&decile, scored->n, sizeof *decile, error);
    if (status != EMP_OK)
        return status;
    emp__decile_of_rows(ranking, scored, EMP_DECILES, decile);
    emp__decile_table(ranking, scored, decile, EMP_DECILES, table);
    for (uint64_t k = 0; k < EMP_DECILES; k++)
        rows[k] = (struct emp_decile_row){
            set,           k + 1,         table[k].customers,       table[k].events,
            table[k].rate, table[k].lift, table[k].cumulative_gain, table[k].min_probability};
    free(decile);
    return EMP_OK;
}
