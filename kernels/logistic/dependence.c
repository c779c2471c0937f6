// SPDX-License-Identifier: Apache-2.0
#include "logistic/dependence.h"

#include <math.h>
#include <string.h>

void emp__dependence_carve(struct emp_carver *carver, struct emp_dependence *dependence,
                           size_t columns)
{
    size_t stride = emp__gram_stride(columns);
    dependence->factor = (struct emp_symmetric){.n = columns, .stride = stride};
    dependence->factor.a = emp__carve(carver, columns, stride * sizeof(double));
    dependence->skipped = emp__carve(carver, columns, sizeof(bool));
}

struct gram_visit {
    const struct emp_pass *pass;
    const struct emp_face *face;
    const double *c; /* of the face, or zeros */
};

/* The information with p (1 - p) = 1; the gradient, of which nothing is wanted, scales columns. */
static void visit_gram(const void *user, const struct emp_panel *panel, size_t stripe)
{
    const struct gram_visit *visit = user;
    const struct emp_pass *pass = visit->pass;
    size_t rows = panel->groups * EMP_LANES, stride = emp__gram_stride(panel->columns);
    for (size_t i = 0; i < rows; i++)
        panel->eta[i] = visit->c[0];
    pass->walk.kernels->centre(panel, &pass->standard, visit->c);
    for (size_t i = 0; i < rows; i++) {
        bool counts = !visit->face || fabs(panel->eta[i]) <= visit->face->most;
        panel->root[i] = counts ? sqrt(panel->weight[i]) : 0;
        panel->residual[i] = 0;
    }
    pass->walk.kernels->gradient(panel, true, pass->gradients + stripe * stride);
    pass->walk.kernels->gram(panel, pass->grams + stripe * panel->columns * stride);
}

void emp__dependence(const struct emp_pass *pass, const struct emp_face *face, double tolerance,
                     struct emp_dependence *out)
{
    const struct emp_walk *walk = &pass->walk;
    size_t size = walk->columns * emp__gram_stride(walk->columns);
    struct gram_visit visit = {pass, face, face ? face->c : NULL};
    if (!face) {
        memset(out->factor.a, 0, walk->columns * sizeof(double));
        visit.c = out->factor.a;
    }
    memset(pass->grams, 0, walk->stripes * size * sizeof(double));
    emp__walk_visit(walk, visit_gram, &visit);
    emp__stripe_sums(walk, pass->grams, size, out->factor.a);
    emp__symmetric_factor(&out->factor, tolerance, out->skipped);
}

void emp__dependence_relation(const struct emp_dependence *dependence, size_t j, double *relation)
{
    const struct emp_symmetric *r = &dependence->factor;
    for (size_t k = j; k-- > 0;) {
        const double *row = r->a + k * r->stride;
        double sum = row[j];
        for (size_t l = k + 1; l < j; l++)
            sum -= row[l] * relation[l];
        relation[k] = dependence->skipped[k] ? 0 : sum / row[k];
    }
}
