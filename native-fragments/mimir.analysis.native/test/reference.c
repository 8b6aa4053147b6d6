// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <math.h>
#include <string.h>

#define EDGE 4
#define LEAST 2.0
#define QUALITY 0.01
#define CELL 5

typedef struct place {
    double x;
    double y;
    double score;
    int cell;
} place;

typedef struct field {
    const uint8_t *pixels;
    int width;
    int height;
    int stride;
    double *score;
    reference_fault fault;
} field;

static double pixel(const field *f, int x, int y) {
    return f->pixels[y * f->stride + x];
}

static double score_at(const field *f, int x, int y) {
    static const double weight[5] = {1, 2, 3, 2, 1};
    const int right = f->fault == REFERENCE_ONE_SIDED ? 0 : 1;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    double weights = 0;
    for (int j = -2; j <= 2; j++) {
        for (int i = -2; i <= 2; i++) {
            const double w = f->fault == REFERENCE_LEVEL_WEIGHTS ? 1 : weight[i + 2] * weight[j + 2];
            const double gx = (pixel(f, x + i + right, y + j) - pixel(f, x + i - 1, y + j)) / (1 + right);
            const double gy = (pixel(f, x + i, y + j + right) - pixel(f, x + i, y + j - 1)) / (1 + right);
            xx += w * gx * gx;
            yy += w * gy * gy;
            xy += f->fault == REFERENCE_NO_CROSS_TERM ? 0 : w * gx * gy;
            weights += w;
        }
    }
    return (xx + yy - sqrt((xx - yy) * (xx - yy) + 4 * xy * xy)) / (2 * weights);
}

static double at(const field *f, int x, int y) {
    return f->score[y * f->width + x];
}

static bool is_top(const field *f, int x, int y) {
    const double here = at(f, x, y);
    bool is = here >= LEAST && !(f->fault == REFERENCE_A_HOLE && x >= f->width / 2 && x < f->width / 2 + 16);
    for (int j = -1; j <= 1; j++) {
        for (int i = -1; i <= 1; i++) {
            const bool before = j < 0 || (j == 0 && i < 0);
            const bool looked_at = (i != 0 || j != 0) && !(f->fault == REFERENCE_NO_DIAGONALS && i * j != 0);
            is &= !looked_at || (before ? here > at(f, x + i, y + j) : here >= at(f, x + i, y + j));
        }
    }
    return is;
}

static double top(double before, double here, double after) {
    const double bend = before - 2 * here + after;
    return bend < 0 ? 0.5 * (before - after) / bend : 0;
}

/* Better first; of equal ones that of the first cell. */
static int order(const void *left, const void *right) {
    const place *a = left;
    const place *b = right;
    const int by_cell = (a->cell > b->cell) - (a->cell < b->cell);
    return a->score != b->score ? (a->score < b->score) - (a->score > b->score) : by_cell;
}

/* The best of each cell, in any order. */
static int tops(const field *f, place *cells, int columns, int cell) {
    int count = 0;
    for (int y = EDGE; y < f->height - EDGE; y++) {
        for (int x = EDGE; x < f->width - EDGE; x++) {
            if (is_top(f, x, y)) {
                const double here = at(f, x, y);
                const double px = x + top(at(f, x - 1, y), here, at(f, x + 1, y));
                const double py = y + top(at(f, x, y - 1), here, at(f, x, y + 1));
                const int n = (int) (py / cell) * columns + (int) (px / cell);
                cells[n] = here > cells[n].score ? (place) {px, py, here, n} : cells[n];
            }
        }
    }
    for (int i = 0; i < columns * (f->height / cell + 1); i++) {
        cells[count] = cells[i];
        count += cells[i].score > 0;
    }
    return count;
}

static void choose(const place *from, int count, double distance, mimir_corners_v1 *to) {
    memset(to, 0, sizeof *to);
    for (int i = 0; i < count && to->count < 128 && from[i].score >= QUALITY * from[0].score; i++) {
        bool crowded = false;
        for (int k = 0; k < to->count; k++) {
            crowded |= hypot(to->x[k] - from[i].x, to->y[k] - from[i].y) < distance;
        }
        if (!crowded) {
            to->x[to->count] = (float) from[i].x;
            to->y[to->count] = (float) from[i].y;
            to->score[to->count] = (float) from[i].score;
            to->count++;
        }
    }
}

void reference_corners(const mimir_grey_v1 *grey, reference_fault fault, mimir_corners_v1 *corners) {
    field f = {(const uint8_t *) (grey + 1), grey->width, grey->height, grey->stride_bytes, NULL, fault};
    const int cell = fault == REFERENCE_NO_CELLS ? 1 : CELL;
    const int columns = f.width / cell + 1;
    place *cells = calloc((size_t) (columns * (f.height / cell + 1)) + 1, sizeof *cells);
    f.score = calloc((size_t) (f.width * f.height), sizeof *f.score);
    for (int y = EDGE - 1; y <= f.height - EDGE; y++) {
        for (int x = EDGE - 1; x <= f.width - EDGE; x++) {
            f.score[y * f.width + x] = score_at(&f, x, y);
        }
    }
    const int count = tops(&f, cells, columns, cell);
    qsort(cells, (size_t) count, sizeof *cells, order);
    choose(cells, count, fault == REFERENCE_NO_CELLS ? CELL : 2 * CELL, corners);
    free(f.score);
    free(cells);
}

int reference_alike(const mimir_corners_v1 *a, const mimir_corners_v1 *b, double px, double share) {
    int alike = 0;
    for (int i = 0; i < a->count; i++) {
        bool found = false;
        for (int k = 0; k < b->count; k++) {
            found |= hypot(a->x[i] - b->x[k], a->y[i] - b->y[k]) <= px
                && fabs(a->score[i] - b->score[k]) <= share * a->score[i];
        }
        alike += found;
    }
    return alike;
}
