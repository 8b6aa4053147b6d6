// SPDX-License-Identifier: Apache-2.0
#include "mimir_sim.h"

#ifndef MIMIR_SIM_BUILD
#define MIMIR_SIM_BUILD "usual"
#endif

const char mimir_sim_build[] = "mimir_sim_build=" MIMIR_SIM_BUILD;
