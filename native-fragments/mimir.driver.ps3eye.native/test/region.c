// SPDX-License-Identifier: Apache-2.0
/* The ring's own regions for tests. */
#include "../../ring/test/region.c"
