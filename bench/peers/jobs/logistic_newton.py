# SPDX-License-Identifier: Apache-2.0
"""scikit-learn: LogisticRegression by newton-cholesky, with its own tolerance."""
import logistic

import sklearn
from sklearn.linear_model import LogisticRegression

logistic.run_sklearn(sklearn.__version__, LogisticRegression, solver="newton-cholesky")
