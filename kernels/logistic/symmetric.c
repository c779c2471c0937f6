// SPDX-License-Identifier: Apache-2.0
#include "logistic/symmetric.h"

#include <math.h>
#include <string.h>

#include "random/portable_math.h"

/* to[j] -= factor from[j]; the places do not overlap. */
static void subtract(double *restrict to, const double *restrict from, double factor, size_t count)
{
    for (size_t j = 0; j < count; j++)
        to[j] -= factor * from[j];
}

/* Row by row: what the rows above take from row k is subtracted when its turn has come. */
size_t emp__symmetric_factor(const struct emp_symmetric *a, double tolerance, bool *skipped)
{
    size_t count = 0;
    for (size_t k = 0; k < a->n; k++) {
        double *row = a->a + k * a->stride, least = tolerance * row[k];
        for (size_t i = 0; i < k; i++) {
            const double *above = a->a + i * a->stride;
            subtract(row + k, above + k, above[k], a->n - k);
        }
        skipped[k] = !(row[k] > least && row[k] > 0);
        if (skipped[k]) {
            memset(row + k, 0, (a->n - k) * sizeof *row);
            count++;
            continue;
        }
        double pivot = sqrt(row[k]);
        for (size_t j = k; j < a->n; j++)
            row[j] /= pivot;
        row[k] = pivot;
    }
    return count;
}

void emp__symmetric_solve(const struct emp_symmetric *r, double *b)
{
    for (size_t k = 0; k < r->n; k++) {
        const double *row = r->a + k * r->stride;
        b[k] = row[k] > 0 ? b[k] / row[k] : 0;
        subtract(b + k + 1, row + k + 1, b[k], r->n - k - 1);
    }
    for (size_t k = r->n; k-- > 0;) {
        const double *row = r->a + k * r->stride;
        double sum = b[k];
        for (size_t j = k + 1; j < r->n; j++)
            sum -= row[j] * b[j];
        b[k] = row[k] > 0 ? sum / row[k] : 0;
    }
}

/* Row k of out: row k of the inverse of R, from R x = e at each place; only j >= k are not 0. */
static void invert_factor(const struct emp_symmetric *r, double *out)
{
    size_t n = r->n;
    memset(out, 0, n * n * sizeof *out);
    for (size_t k = n; k-- > 0;) {
        const double *row = r->a + k * r->stride;
        if (!(row[k] > 0))
            continue;
        double *to = out + k * n;
        to[k] = 1;
        for (size_t i = k + 1; i < n; i++)
            subtract(to + i, out + i * n + i, row[i], n - i);
        for (size_t j = k; j < n; j++)
            to[j] /= row[k];
    }
}

/* The inverse is V V', V being the inverse of R. Element (i, j), i <= j, is made of V's rows i and
 * j from column j on, so it may take the place of that of V as soon as it is known. */
void emp__symmetric_invert(const struct emp_symmetric *r, double *out)
{
    size_t n = r->n;
    invert_factor(r, out);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++) {
            double sum = 0;
            for (size_t k = j; k < n; k++)
                sum += out[i * n + k] * out[j * n + k];
            out[i * n + j] = sum;
        }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            out[i * n + j] = out[j * n + i];
}

void emp__symmetric_secant(const struct emp_symmetric *a, const double *s, const double *y,
                           double *work)
{
    const double least = 1e-6; /* of what it was taken for, is noise */
    double curvature = 0, found = 0;
    for (size_t i = 0; i < a->n; i++) {
        const double *row = a->a + i * a->stride;
        work[i] = 0;
        for (size_t j = 0; j < a->n; j++)
            work[i] += row[j] * s[j];
        curvature += s[i] * work[i];
        found += s[i] * y[i];
    }
    if (!(curvature > 0 && found > least * curvature))
        return;
    for (size_t i = 0; i < a->n; i++) {
        double *row = a->a + i * a->stride;
        subtract(row, work, work[i] / curvature, a->n);
        subtract(row, y, -y[i] / found, a->n);
    }
}

double emp__symmetric_log_det(const struct emp_symmetric *r)
{
    double sum = 0;
    for (size_t k = 0; k < r->n; k++) {
        double pivot = r->a[k * r->stride + k];
        if (pivot > 0)
            sum += 2 * emp__log(pivot);
    }
    return sum;
}
