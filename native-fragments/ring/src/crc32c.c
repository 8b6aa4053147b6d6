// SPDX-License-Identifier: Apache-2.0
/*
 * CRC32C: the polynomial 0x1EDC6F41 (Castagnoli, Braeuer, Herrmann: IEEE Trans. Communications 41, 1993) as in RFC 3720
 * B.4: bits reflected (0x82F63B78), begun with all ones, inverted at the end. Two ways, chosen at load time:
 *   table  eight bytes a step, by eight tables
 *   SSE4.2 the crc32 instruction: it takes three cycles but one may begin in each, so three lanes of a block run
 *          at once, joined by the linear map "register after `lane` zero bytes", kept as four tables of 256 words
 */
#include <string.h>

#include "internal.h"

#define POLYNOMIAL 0x82F63B78u
#define LONG_LANE  8192u /* powers of two; 3 * 8192 divides a 640x480 YUYV frame */
#define SHORT_LANE 256u

typedef uint32_t join_table[4][256];

static uint32_t step_table[8][256];

static void fill_step_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (POLYNOMIAL & (0u - (crc & 1)));
        }
        step_table[0][i] = crc;
    }
    for (int k = 1; k < 8; k++) {
        for (int i = 0; i < 256; i++) {
            const uint32_t crc = step_table[k - 1][i];
            step_table[k][i] = (crc >> 8) ^ step_table[0][crc & 0xFF];
        }
    }
}

uint32_t mimir_crc32c_table(uint32_t state, const uint8_t *data, uint64_t bytes) {
    for (; bytes >= 8; data += 8, bytes -= 8) {
        uint64_t word;
        memcpy(&word, data, 8);
        word ^= state;
        state = step_table[7][word & 0xFF] ^ step_table[6][(word >> 8) & 0xFF] ^ step_table[5][(word >> 16) & 0xFF] ^
                step_table[4][(word >> 24) & 0xFF] ^ step_table[3][(word >> 32) & 0xFF] ^
                step_table[2][(word >> 40) & 0xFF] ^ step_table[1][(word >> 48) & 0xFF] ^ step_table[0][word >> 56];
    }
    for (; bytes != 0; data++, bytes--) {
        state = (state >> 8) ^ step_table[0][(state ^ *data) & 0xFF];
    }
    return state;
}

#if defined(__x86_64__)

static join_table long_join;
static join_table short_join;

/* A linear map of the register: column i is the image of bit i. */
static uint32_t apply(const uint32_t map[32], uint32_t crc) {
    uint32_t image = 0;
    for (int bit = 0; bit < 32; bit++) {
        image ^= map[bit] & (0u - ((crc >> bit) & 1));
    }
    return image;
}

/* The map of one zero byte, squared until it is the map of `lane` zero bytes. */
static void fill_join_table(join_table table, uint32_t lane) {
    uint32_t map[32];
    uint32_t square[32];
    for (int bit = 0; bit < 32; bit++) {
        const uint32_t crc = UINT32_C(1) << bit;
        map[bit] = (crc >> 8) ^ step_table[0][crc & 0xFF];
    }
    for (; lane > 1; lane /= 2) {
        for (int bit = 0; bit < 32; bit++) {
            square[bit] = apply(map, map[bit]);
        }
        memcpy(map, square, sizeof map);
    }
    for (int k = 0; k < 4; k++) {
        for (uint32_t i = 0; i < 256; i++) {
            table[k][i] = apply(map, i << (8 * k));
        }
    }
}

static inline uint32_t join(const join_table table, uint32_t crc) {
    return table[0][crc & 0xFF] ^ table[1][(crc >> 8) & 0xFF] ^ table[2][(crc >> 16) & 0xFF] ^ table[3][crc >> 24];
}

static inline uint64_t word_at(const uint8_t *data) {
    uint64_t word;
    memcpy(&word, data, 8);
    return word;
}

/* One block of three lanes. */
__attribute__((target("sse4.2")))
static uint32_t three_lanes(uint32_t state, const uint8_t *data, uint32_t lane, const join_table table) {
    uint64_t a = state;
    uint64_t b = 0;
    uint64_t c = 0;
    for (const uint8_t *end = data + lane; data != end; data += 8) {
        a = __builtin_ia32_crc32di(a, word_at(data));
        b = __builtin_ia32_crc32di(b, word_at(data + lane));
        c = __builtin_ia32_crc32di(c, word_at(data + 2 * (size_t) lane));
    }
    return join(table, join(table, (uint32_t) a) ^ (uint32_t) b) ^ (uint32_t) c;
}

__attribute__((target("sse4.2")))
static uint32_t with_sse42(uint32_t state, const uint8_t *data, uint64_t bytes) {
    for (; bytes >= 3 * LONG_LANE; data += 3 * LONG_LANE, bytes -= 3 * LONG_LANE) {
        state = three_lanes(state, data, LONG_LANE, long_join);
    }
    for (; bytes >= 3 * SHORT_LANE; data += 3 * SHORT_LANE, bytes -= 3 * SHORT_LANE) {
        state = three_lanes(state, data, SHORT_LANE, short_join);
    }
    uint64_t wide = state;
    for (; bytes >= 8; data += 8, bytes -= 8) {
        wide = __builtin_ia32_crc32di(wide, word_at(data));
    }
    state = (uint32_t) wide;
    for (; bytes != 0; data++, bytes--) {
        state = __builtin_ia32_crc32qi(state, *data);
    }
    return state;
}

#endif

static uint32_t (*fastest)(uint32_t state, const uint8_t *data, uint64_t bytes) = mimir_crc32c_table;

/* While the library is loaded, so that no first call has to build tables on a media thread. */
__attribute__((constructor))
static void prepare(void) {
    fill_step_table();
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("sse4.2")) {
        fill_join_table(long_join, LONG_LANE);
        fill_join_table(short_join, SHORT_LANE);
        fastest = with_sse42;
    }
#endif
}

uint32_t mimir_crc32c(uint32_t crc, const void *data, uint64_t bytes) {
    return ~fastest(~crc, data, bytes);
}
