// SPDX-License-Identifier: Apache-2.0
#include "select.h"

#include <stdlib.h>
#include <string.h>

#define LEAST 8u
#define MOST  256u
#define NEAR  3    /* cells that a distance can reach, for an odd one has smaller cells */
#define POINTS 128

int mimir_selection_make(analysis_selection *s, uint32_t width, uint32_t height) {
    const size_t cells = (size_t) (2 * width / LEAST + 1) * (2 * height / LEAST + 1);
    s->distance = 10;
    s->cells = calloc(cells, sizeof *s->cells);
    s->heap = calloc(cells, sizeof *s->heap);
    s->most = width > height ? width : height;
    s->cell_of = calloc(s->most, sizeof *s->cell_of);
    return s->cells == NULL || s->heap == NULL || s->cell_of == NULL ? -ENOMEM : 0;
}

void mimir_selection_free(analysis_selection *s) {
    free(s->cells);
    free(s->heap);
    free(s->cell_of);
}

int mimir_selection_distance(analysis_selection *s, double distance) {
    if (!(distance >= LEAST && distance <= MOST)) {
        return -ERANGE;
    }
    s->distance = (uint32_t) distance;
    return 0;
}

void mimir_selection_begin(analysis_selection *s, uint32_t width, uint32_t height) {
    if (s->cell != s->distance / 2) {
        s->cell = s->distance / 2;
        for (uint32_t i = 0; i < s->most; i++) {
            s->cell_of[i] = i / s->cell;
        }
    }
    s->columns = width / s->cell + 1;
    s->rows = height / s->cell + 1;
    s->best = 0;
    memset(s->cells, 0, (size_t) s->columns * s->rows * sizeof *s->cells);
}

void mimir_selection_offer(analysis_selection *s, float x, float y, float score) {
    const uint32_t column = s->cell_of[(uint32_t) x];
    const uint32_t row = s->cell_of[(uint32_t) y];
    analysis_point *cell = &s->cells[(size_t) row * s->columns + column];
    const bool first = y < cell->y || (y == cell->y && x < cell->x);
    s->best = score > s->best ? score : s->best;
    if (score > cell->score || (score == cell->score && first)) {
        *cell = (analysis_point) {x, y, score, false};
    }
}

/* True when cell `a` comes before cell `b`. */
static bool better(const analysis_selection *s, uint32_t a, uint32_t b) {
    const float left = s->cells[a].score;
    const float right = s->cells[b].score;
    return left > right || (left == right && a < b);
}

static void sink(analysis_selection *s, uint32_t at) {
    const uint32_t cell = s->heap[at];
    for (uint32_t child; (child = 2 * at + 1) < s->filled; at = child) {
        if (child + 1 < s->filled && better(s, s->heap[child + 1], s->heap[child])) {
            child++;
        }
        if (!better(s, s->heap[child], cell)) {
            break;
        }
        s->heap[at] = s->heap[child];
    }
    s->heap[at] = cell;
}

static void fill(analysis_selection *s, float least) {
    s->filled = 0;
    for (uint32_t i = 0; i < s->columns * s->rows; i++) {
        if (s->cells[i].score > 0 && s->cells[i].score >= least) {
            s->heap[s->filled++] = i;
        }
    }
    for (uint32_t i = s->filled / 2; i-- > 0;) {
        sink(s, i);
    }
}

static bool is_crowded(const analysis_selection *s, uint32_t at) {
    const analysis_point *p = &s->cells[at];
    const int64_t column = at % s->columns;
    const int64_t row = at / s->columns;
    const float least = (float) s->distance * (float) s->distance;
    for (int64_t y = row > NEAR ? row - NEAR : 0; y <= row + NEAR && y < s->rows; y++) {
        for (int64_t x = column > NEAR ? column - NEAR : 0; x <= column + NEAR && x < s->columns; x++) {
            const analysis_point *other = &s->cells[y * s->columns + x];
            const float dx = other->x - p->x;
            const float dy = other->y - p->y;
            if (other->taken && dx * dx + dy * dy < least) {
                return true;
            }
        }
    }
    return false;
}

void mimir_selection_take(analysis_selection *s, float quality, mimir_corners_v1 *corners) {
    int32_t count = 0;
    fill(s, quality * s->best);
    while (s->filled > 0 && count < POINTS) {
        const uint32_t best = s->heap[0];
        s->heap[0] = s->heap[--s->filled];
        sink(s, 0);
        if (!is_crowded(s, best)) {
            s->cells[best].taken = true;
            corners->x[count] = s->cells[best].x;
            corners->y[count] = s->cells[best].y;
            corners->score[count] = s->cells[best].score;
            count++;
        }
    }
    corners->count = count;
}
