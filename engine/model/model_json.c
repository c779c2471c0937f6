// SPDX-License-Identifier: Apache-2.0
#include "model/model_json.h"

#include <assert.h>
#include <math.h>

json_t *emp__json_put(json_t *object, const char *key, json_t *value)
{
    if (object && json_object_set_new(object, key, value) == 0)
        return object;
    if (!object)
        json_decref(value);
    json_decref(object);
    return NULL;
}

json_t *emp__json_append(json_t *list, json_t *item)
{
    if (list && json_array_append_new(list, item) == 0)
        return list;
    if (!list)
        json_decref(item);
    json_decref(list);
    return NULL;
}

json_t *emp__json_reals(const double *values, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        assert(isfinite(values[i]));
        list = emp__json_append(list, json_real(values[i]));
    }
    return list;
}
