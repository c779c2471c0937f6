// SPDX-License-Identifier: Apache-2.0
#include "lifetime/prospect_table.h"

#include <math.h>
#include <string.h>

#include "random/portable_math.h"

enum {
    MOST = EMP_LIFETIME_PARAMETERS,
    TERMS = EMP_PROSPECT_TERMS,
    VALUES = EMP_PROSPECT_VALUES,
    LOGS = 5,    /* of the values, the first are logarithms */
    OCTAVES = 3, /* gamma + T grows by so many factors of 2 in a cell */
};

/* Of gamma + T in cells: times of less than a second and of more than a thousand million years are
 * left to be computed one by one, so that no parameter makes the table large. */
static const double reached_least = 0x1p-24, reached_most = 0x1p40;

static const double log_2 = 0.6931471805599453, pi = 3.141592653589793;

/* The number of the cell: gamma + T lies between 8^n and 8^(n + 1). */
static int cell_of(double reached)
{
    int exponent;
    frexp(reached, &exponent);
    exponent -= 1;
    return (exponent >= 0 ? exponent : exponent - (OCTAVES - 1)) / OCTAVES;
}

/* --- Layout --- */

static double least_time(const struct emp_lifetime_fitted *fitted)
{
    double least = INFINITY;
    for (int i = 0; i < fitted->model->parameters; i++)
        if (fitted->model->in_unit >> i & 1)
            least = fmin(least, fitted->parameter[i]);
    return isfinite(least) ? least : 0.0;
}

static bool has_cell(const struct emp_prospect_table *table, uint32_t x, double age)
{
    double reached = table->least + age;
    return x < EMP_PROSPECT_X_MOST && table->least > 0.0 && reached >= reached_least &&
           reached < reached_most;
}

struct emp_prospect_table emp__prospect_table(const struct emp_lifetime_fitted *fitted,
                                              const struct emp_lifetime_request *request,
                                              const struct emp_lifetime_data *data)
{
    struct emp_prospect_table table = {
        .fitted = fitted, .request = request, .least = least_time(fitted)};
    double low = INFINITY, high = 0.0;
    for (size_t i = 0; i < data->n; i++) {
        if (!has_cell(&table, data->x[i], data->age[i]))
            continue;
        table.xs = data->x[i] >= table.xs ? data->x[i] + 1 : table.xs;
        low = fmin(low, data->age[i]);
        high = fmax(high, data->age[i]);
    }
    if (table.xs > 0) {
        table.first = cell_of(table.least + low);
        table.cells_of_x = (size_t)(cell_of(table.least + high) - table.first) + 1;
    }
    return table;
}

size_t emp__prospect_table_bytes(const struct emp_prospect_table *table)
{
    return table->xs * table->cells_of_x * sizeof *table->cells;
}

/* NULL: this customer is in none. */
static struct emp_prospect_cell *find_cell(const struct emp_prospect_table *table, uint32_t x,
                                           double age)
{
    if (!has_cell(table, x, age))
        return NULL;
    size_t cell = (size_t)(cell_of(table->least + age) - table->first);
    return &table->cells[x * table->cells_of_x + cell];
}

/* --- Series --- */

/* y in the middle of a cell, and half its width. */
static double middle_of(int cell)
{
    return (cell + 0.5) * OCTAVES * log_2;
}

static const double half_width = 0.5 * OCTAVES * 0.6931471805599453;

/* False: a value does not exist, and so there is no series. */
static bool list_values(const struct emp_prospect_table *table,
                        const struct emp_lifetime_customer *c, double out[VALUES], bool *diverges)
{
    const struct emp_lifetime_fitted *fitted = table->fitted;
    const struct emp_lifetime_prediction *predict = &fitted->model->predict;
    double horizon = table->request->horizon;
    struct emp_lifetime_prospect prospect = emp__lifetime_prospect(fitted, c, table->request);
    *diverges = isinf(prospect.unlimited);
    const double values[LOGS] = {
        prospect.expected, prospect.discounted, *diverges ? 1.0 : prospect.unlimited,
        prospect.lives,
        predict->leaves_quietly ? predict->leaves_quietly(fitted->parameter, c, horizon) : 1.0};
    for (int v = 0; v < LOGS; v++) {
        out[v] = emp__log(values[v]);
        if (!isfinite(out[v]))
            return false;
    }
    memcpy(out + LOGS, prospect.expected_slope, sizeof prospect.expected_slope);
    memcpy(out + LOGS + MOST, prospect.discounted_slope, sizeof prospect.discounted_slope);
    return true;
}

/* cos of a multiple of pi / (2 TERMS), by the recurrence of the angles' sums, each from the nearest
 * right angle, so that all are right to some eps. */
static double cosine(int k)
{
    int turn = k % (4 * TERMS);
    if (turn > 2 * TERMS)
        turn = 4 * TERMS - turn;
    bool negative = turn > TERMS;
    double angle = (negative ? 2 * TERMS - turn : turn) * pi / (2.0 * TERMS), sum = 1.0, term = 1.0;
    for (int n = 1; n <= 12; n++) {
        term *= -angle * angle / ((2.0 * n - 1.0) * (2.0 * n));
        sum += term;
    }
    return negative ? -sum : sum;
}

/* Coefficients from values at the zeros of the first Chebyshev polynomial that is left out:
 * c_k = 2 / n sum over j of f(cos((j + 1/2) pi / n)) cos(k (j + 1/2) pi / n), c_0 half of that. */
static void transform(double at[TERMS][VALUES], double series[TERMS][VALUES])
{
    for (int k = 0; k < TERMS; k++)
        for (int j = 0; j < TERMS; j++) {
            double factor = (k == 0 ? 1.0 : 2.0) / TERMS * cosine(k * (2 * j + 1));
            for (int v = 0; v < VALUES; v++)
                series[k][v] += factor * at[j][v];
        }
}

static void fill_cell(const struct emp_prospect_table *table, size_t number)
{
    struct emp_prospect_cell *cell = &table->cells[number];
    size_t x = number / table->cells_of_x;
    double middle = middle_of(table->first + (int)(number % table->cells_of_x));
    double at[TERMS][VALUES];
    for (int j = 0; j < TERMS; j++) {
        double y = middle + half_width * cosine(2 * j + 1);
        const struct emp_lifetime_customer c = {.x = (double)x, .age = emp__exp(y) - table->least};
        if (!list_values(table, &c, at[j], &cell->diverges))
            return;
    }
    transform(at, cell->series);
    cell->smooth = true;
}

void emp__prospect_table_fill(struct emp_prospect_table *table,
                              const struct emp_lifetime_data *data)
{
    for (size_t i = 0; i < data->n; i++) {
        struct emp_prospect_cell *cell = find_cell(table, data->x[i], data->age[i]);
        if (cell)
            cell->used = true;
    }
    size_t cells = table->xs * table->cells_of_x;
#pragma omp parallel for num_threads(table->request->threads) schedule(dynamic)
    for (size_t c = 0; c < cells; c++)
        if (table->cells[c].used)
            fill_cell(table, c);
}

/* --- Looking up --- */

/* sum of c_k T_k(z), T_k by their recurrence. */
static void add_up(const struct emp_prospect_cell *cell, double z, double out[VALUES])
{
    double before = 1.0, now = z;
    memcpy(out, cell->series[0], sizeof cell->series[0]);
    for (int k = 1; k < TERMS; k++) {
        double next = 2.0 * z * now - before;
        for (int v = 0; v < VALUES; v++)
            out[v] += now * cell->series[k][v];
        before = now;
        now = next;
    }
}

/* In the order of list_values(). */
static struct emp_lifetime_prospect prospect_of(const struct emp_prospect_table *table,
                                                const struct emp_prospect_cell *cell,
                                                const struct emp_lifetime_customer *c)
{
    const struct emp_lifetime_prediction *predict = &table->fitted->model->predict;
    double value[VALUES], middle = middle_of(cell_of(table->least + c->age));
    add_up(cell, (emp__log(table->least + c->age) - middle) / half_width, value);
    struct emp_lifetime_prospect out = {
        .expected = emp__exp(value[0]),
        .discounted = emp__exp(value[1]),
        .unlimited = cell->diverges ? INFINITY : emp__exp(value[2]),
        .lives = fmin(emp__exp(value[3]), 1.0),
        .none = predict->stays_quietly(table->fitted->parameter, c, table->request->horizon),
    };
    if (predict->leaves_quietly)
        out.none = fmin(out.none + emp__exp(value[4]), 1.0);
    memcpy(out.expected_slope, value + LOGS, sizeof out.expected_slope);
    memcpy(out.discounted_slope, value + LOGS + MOST, sizeof out.discounted_slope);
    return out;
}

struct emp_lifetime_prospect emp__prospect_at(const struct emp_prospect_table *table, uint32_t x,
                                              double age)
{
    const struct emp_prospect_cell *cell = find_cell(table, x, age);
    const struct emp_lifetime_customer c = {.x = x, .age = age};
    return cell && cell->smooth ? prospect_of(table, cell, &c)
                                : emp__lifetime_prospect(table->fitted, &c, table->request);
}
