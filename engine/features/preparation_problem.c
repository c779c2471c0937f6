// SPDX-License-Identifier: Apache-2.0
/* What is said of a value that cannot be made ready: the feature, the customer, the value, what is
 * expected, and what would help. */
#include <stdio.h>

#include "features/preparation.h"
#include "params/node.h"
#include "text/number_format.h"

/* What the words of a message are about. */
struct subject {
    char feature[EMP_EXCERPT];
    const char *filled; /* "missing and taken as ", or nothing */
    char value[40];
    char who[EMP_EXCERPT + 64]; /* "customer 'C12' and 3 more" */
};

static struct subject describe(const struct emp_recipe *recipe,
                               const struct emp_prepare_problem *problem, const char *customer)
{
    struct subject subject = {.filled = problem->filled ? "missing and taken as " : ""};
    char excerpt[EMP_EXCERPT];
    emp__text_excerpt(recipe->name, subject.feature);
    subject.value[emp__format_double(problem->value, subject.value)] = '\0';
    int length = customer ? snprintf(subject.who, sizeof subject.who, "customer '%s'",
                                     emp__text_excerpt(customer, excerpt))
                          : snprintf(subject.who, sizeof subject.who,
                                     "customer number %zu in order of id", problem->row + 1);
    if (problem->count > 1)
        snprintf(subject.who + length, sizeof subject.who - (size_t)length, " and %zu more",
                 problem->count - 1);
    return subject;
}

/* A message about a value of one customer; `advice` is the end of it. */
static emp_status fail_value(const struct subject *subject, const char *advice, emp_error *error)
{
    return emp__fail(error, EMP_ERR_DATA, "feature '%s' is %s%s for %s: %s", subject->feature,
                     subject->filled, subject->value, subject->who, advice);
}

emp_status emp__prepare_fail(const struct emp_recipe *recipe,
                             const struct emp_prepare_problem *problem, const char *customer,
                             emp_error *error)
{
    struct emp_prepare_problem shown = *problem;
    bool infinite = problem->kind == EMP_PROBLEM_INFINITE;
    bool absent = problem->kind <= EMP_PROBLEM_MISSING;
    if (infinite || absent)
        shown.value = 0.0;
    struct subject subject = describe(recipe, &shown, customer);
    switch (problem->kind) {
    case EMP_PROBLEM_NONE:
        break;
    case EMP_PROBLEM_NO_ROWS:
        return emp__fail(error, EMP_ERR_DATA, "feature '%s' has no customer to learn from",
                         subject.feature);
    case EMP_PROBLEM_NO_VALUE:
        return emp__fail(error, EMP_ERR_DATA,
                         "feature '%s' is missing for every customer: there is no value to learn "
                         "from, so leave the feature out",
                         subject.feature);
    case EMP_PROBLEM_MISSING:
        return emp__fail(error, EMP_ERR_DATA,
                         "feature '%s' is missing for %s: say what it is to be then by 'missing: "
                         "mean', 'missing: median' or a number",
                         subject.feature, subject.who);
    case EMP_PROBLEM_INFINITE:
        return emp__fail(error, EMP_ERR_DATA,
                         "feature '%s' is infinite for %s: it must be a finite number",
                         subject.feature, subject.who);
    case EMP_PROBLEM_HUGE:
        return fail_value(&subject, "it must be from -1e300 to 1e300", error);
    case EMP_PROBLEM_LOG1P:
        return fail_value(&subject,
                          "'transform: log1p' needs values above -1; 'transform: yeo-johnson' "
                          "takes any",
                          error);
    case EMP_PROBLEM_SQRT:
        return fail_value(&subject,
                          "'transform: sqrt' needs values of at least 0; 'transform: yeo-johnson' "
                          "takes any",
                          error);
    case EMP_PROBLEM_TOO_LARGE:
        return fail_value(&subject,
                          "ready for the model it would be beyond 1e150, too large to be squared; "
                          "'scale: zscore', 'transform: rank' or 'winsorize' bring it nearer",
                          error);
    }
    return emp__fail(error, EMP_ERR_INTERNAL, "feature '%s' has no problem", subject.feature);
}
