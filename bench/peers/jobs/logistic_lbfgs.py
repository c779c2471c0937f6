# SPDX-License-Identifier: Apache-2.0
"""scikit-learn: LogisticRegression by lbfgs.

By default (tol 1e-4) it ends before the log-likelihood is right to 1e-8; with 1e-5 it is.
"""
import logistic

import sklearn
from sklearn.linear_model import LogisticRegression

logistic.run_sklearn(sklearn.__version__, LogisticRegression, solver="lbfgs", tol=1e-5)
