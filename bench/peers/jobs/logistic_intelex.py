# SPDX-License-Identifier: Apache-2.0
"""Extension for scikit-learn (oneDAL): LogisticRegression by lbfgs, whose loss is oneDAL's."""
import importlib.metadata

import logistic

import daal4py
from sklearnex.linear_model import LogisticRegression

daal4py.daalinit(logistic.THREADS)
logistic.run_sklearn(importlib.metadata.version("scikit-learn-intelex"), LogisticRegression,
                     solver="lbfgs", tol=1e-6)
