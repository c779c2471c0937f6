# SPDX-License-Identifier: Apache-2.0
"""statsmodels: Logit by Newton's method. It knows no ridge penalty here."""
import logistic

import numpy
import statsmodels
from statsmodels.api import Logit

widened = {}


def fit(x, y, most):
    if not widened:
        widened["x"] = numpy.column_stack([numpy.ones(len(x)), x])
    model = Logit(y, widened["x"], check_rank=False)
    result = model.fit(method="newton", maxiter=most, disp=False, skip_hessian=True)
    return result.params[0], result.params[1:], result.mle_retvals["iterations"]


logistic.run(statsmodels.__version__, fit)
