// SPDX-License-Identifier: Apache-2.0
/* The whole public API of libemptor; docs/api.md walks through it. */
#ifndef EMPTOR_EMPTOR_H
#define EMPTOR_EMPTOR_H

#include <emptor/analysis.h>
#include <emptor/features.h>
#include <emptor/generate.h>
#include <emptor/history.h>
#include <emptor/options.h>
#include <emptor/params.h>
#include <emptor/run.h>
#include <emptor/status.h>
#include <emptor/table.h>
#include <emptor/version.h>

#endif
