# SPDX-License-Identifier: Apache-2.0
"""liblinear, by way of scikit-learn: the trust region method on the primal, on one thread.

It penalises the intercept too, and knows no fit without a penalty: so the column of the intercept
is so large that its coefficient is next to nothing, and C of such a fit is 1e6.
"""
import logistic

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

settings = {} if logistic.LAMBDA > 0 else {"C": 1e6}
numpy.random.seed(1)
logistic.run_sklearn(sklearn.__version__, LogisticRegression, solver="liblinear", dual=False,
                     tol=1e-6, intercept_scaling=100, **settings)
