# SPDX-License-Identifier: Apache-2.0
"""Extension for scikit-learn (oneDAL): LogisticRegression by lbfgs, whose loss is oneDAL's.

Without a penalty (C infinite) it hands over to scikit-learn, which is slower: so C is 1e12 then.
"""
import importlib.metadata

import logistic

import daal4py
from sklearnex.linear_model import LogisticRegression

daal4py.daalinit(logistic.THREADS)
settings = {} if logistic.LAMBDA > 0 else {"C": 1e12}
logistic.run_sklearn(importlib.metadata.version("scikit-learn-intelex"), LogisticRegression,
                     solver="lbfgs", **settings)
