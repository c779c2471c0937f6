// SPDX-License-Identifier: Apache-2.0
#include "logistic/separation.h"

#include <math.h>
#include <string.h>

#include "logistic/fit_state.h"

/* Where a fit runs off, a Newton step moves separated rows by 1 or more, the others hardly. */
#define STEP_UNDECIDED 0.25
/* The pivot of a column that depends on others on the rows that are not separated. */
#define PIVOT_DEPENDENT 1e-10
/* Parts of a direction that are smaller, the greatest being 1, are 0. */
#define PART_LEAST 1e-8

struct margin_visit {
    const struct emp_panel_kernels *kernels;
    const struct emp_standard *standard; /* NULL: terms as they come */
    const double *direction;
    struct emp_margins *margins; /* of the stripes */
};

static void zero(double *x, size_t rows)
{
    memset(x, 0, rows * sizeof *x);
}

/* The sums, to eta, and the sums of the sizes of their parts, to residual. */
static void fill_margins(const struct margin_visit *visit, const struct emp_panel *panel)
{
    size_t rows = panel->groups * EMP_LANES;
    zero(panel->eta, rows);
    zero(panel->residual, rows);
    if (visit->standard) {
        for (size_t i = 0; i < rows; i++)
            panel->eta[i] = visit->direction[0];
        visit->kernels->centre(panel, visit->standard, visit->direction);
    } else {
        visit->kernels->linear(panel, visit->direction);
    }
    for (size_t j = 0; j < panel->columns; j++) {
        const double *z = panel->z + j * EMP_PANEL_STRIDE;
        for (size_t i = 0; i < rows && visit->direction[j] != 0; i++)
            panel->residual[i] += fabs(visit->direction[j] * z[i]);
    }
}

static void visit_margins(const void *user, const struct emp_panel *panel, size_t stripe)
{
    const struct margin_visit *visit = user;
    struct emp_margins *margins = &visit->margins[stripe];
    fill_margins(visit, panel);
    for (size_t i = 0; i < panel->rows; i++) {
        double margin = panel->sign[i] * panel->eta[i];
        double rounding = EMP_SEPARATION_ROUNDING * panel->residual[i];
        bool counts = panel->weight[i] > 0;
        margins->right += counts && margin > rounding;
        margins->wrong += counts && margin < -rounding;
        margins->undecided += counts && fabs(margin) <= rounding;
    }
}

/* The sums over stripes are of whole numbers, and exact. */
static struct emp_separation check(const struct emp_walk *walk, struct margin_visit *visit)
{
    struct emp_margins all = {0};
    memset(visit->margins, 0, walk->stripes * sizeof *visit->margins);
    emp__walk_visit(walk, visit_margins, visit);
    for (size_t s = 0; s < walk->stripes; s++) {
        all.right += visit->margins[s].right;
        all.wrong += visit->margins[s].wrong;
        all.undecided += visit->margins[s].undecided;
    }
    return (struct emp_separation){.separated = all.wrong == 0 && all.right > 0,
                                   .rows = all.right,
                                   .undecided = all.undecided};
}

struct workspace {
    struct emp_walk walk;
    struct emp_margins *margins;
};

static void carve(struct emp_carver *carver, struct workspace *space)
{
    emp__walk_carve(carver, &space->walk);
    space->margins = emp__carve(carver, space->walk.stripes, sizeof *space->margins);
}

size_t emp__separation_workspace(const struct emp_logistic_data *data, int threads)
{
    struct emp_carver carver = {0};
    struct workspace space = {.walk = emp__walk(data, threads, NULL)};
    carve(&carver, &space);
    return emp__carved(&carver);
}

struct emp_separation emp__separation_check(const struct emp_logistic_data *data,
                                            const double *direction, int threads, void *workspace)
{
    struct emp_carver carver = {.base = workspace};
    struct workspace space = {.walk = emp__walk(data, threads, NULL)};
    carve(&carver, &space);
    struct margin_visit visit = {space.walk.kernels, NULL, direction, space.margins};
    return check(&space.walk, &visit);
}

/*
 * The part of the step that leaves all undecided rows where they are, in place of the step: what
 * goes along columns that depend on others there is kept, and the others make up for it.
 */
static void project(struct emp_logistic_state *state)
{
    const struct emp_newton *newton = &state->newton;
    size_t columns = newton->pass.walk.columns;
    double *relation = newton->trial;
    const struct emp_face face = {newton->step, STEP_UNDECIDED};
    emp__dependence(&newton->pass, &face, PIVOT_DEPENDENT, &state->dependence);
    memset(state->candidate, 0, columns * sizeof *state->candidate);
    for (size_t j = 0; j < columns; j++) {
        if (!state->dependence.skipped[j])
            continue;
        state->candidate[j] -= newton->step[j];
        emp__dependence_relation(&state->dependence, j, relation);
        for (size_t k = 0; k < j; k++)
            state->candidate[k] += newton->step[j] * relation[k];
    }
}

/* Makes the greatest part 1 and small ones 0; false if nothing is left that no penalty holds. */
static bool tidy(const struct emp_newton *newton, double *direction)
{
    size_t columns = newton->pass.walk.columns;
    double most = 0;
    for (size_t j = 0; j < columns; j++)
        most = fmax(most, fabs(direction[j]));
    if (!(most > 0 && most < INFINITY))
        return false;
    for (size_t j = 0; j < columns; j++) {
        direction[j] = fabs(direction[j]) < PART_LEAST * most ? 0 : direction[j] / most;
        if (direction[j] != 0 && newton->penalty[j] > 0)
            return false;
    }
    return true;
}

bool emp__separation_find(struct emp_logistic_state *state)
{
    const struct emp_newton *newton = &state->newton;
    project(state);
    if (!tidy(newton, state->candidate))
        return false;
    struct margin_visit visit = {newton->pass.walk.kernels, &newton->pass.standard,
                                 state->candidate, state->margins};
    return check(&newton->pass.walk, &visit).separated;
}
