# SPDX-License-Identifier: Apache-2.0
"""lifetimes: the fitters as they come, without a penalty."""
import lifetime

import lifetimes

FITTERS = {"bgnbd": lifetimes.BetaGeoFitter, "paretonbd": lifetimes.ParetoNBDFitter}
NAMES = {"bgnbd": ("r", "alpha", "a", "b"), "paretonbd": ("r", "alpha", "s", "beta")}


def fit(x, t_x, age):
    model = FITTERS[lifetime.MODEL](penalizer_coef=0.0).fit(x, t_x, age)
    return [float(model.params_[name]) for name in NAMES[lifetime.MODEL]]


lifetime.run(lifetimes.__version__, fit)
