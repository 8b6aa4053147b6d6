// SPDX-License-Identifier: Apache-2.0
#include "mimir_ps3eye.h"

#ifndef MIMIR_PS3EYE_BUILD
#define MIMIR_PS3EYE_BUILD "usual"
#endif

const char mimir_ps3eye_build[] = "mimir_ps3eye_build=" MIMIR_PS3EYE_BUILD;
