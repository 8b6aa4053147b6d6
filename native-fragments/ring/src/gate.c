// SPDX-License-Identifier: Apache-2.0
/*
 * LOSSLESS readers of events: the writer's look at their seats, and a reader's own seat. docs/ring-abi.md, "Lossless".
 */
#include <errno.h>
#include <stddef.h>

#include "internal.h"

#define PATIENCE_NS  INT64_C(1000000000)
#define NAP_NS       INT64_C(20000000)
#define SPINS        500
#define STEPS_PER_LAP 8 /* telling a position costs a fence: not at every item */

#define EVICTED(token) ((token) | (UINT64_C(1) << 63))

static bool is_taken(uint64_t token) {
    return token != 0 && token >> 63 == 0;
}

static uint64_t token_of(const mimir_ring_seat *seat) {
    return __atomic_load_n(&seat->token, __ATOMIC_ACQUIRE);
}

static uint64_t position_of(const mimir_ring_seat *seat) {
    /* Acquire: the reader's loads of its items came before it told this position; ours come after. */
    return __atomic_load_n(&seat->position, __ATOMIC_ACQUIRE);
}

static bool swap_token(mimir_ring_seat *seat, uint64_t from, uint64_t to) {
    return __atomic_compare_exchange_n(&seat->token, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

static bool is_dead(uint64_t token) {
    return mimir_process_gone((uint32_t) (token >> 32) & INT32_MAX);
}

/* ---- the writer ---- */

/*
 * The head is out before the seats are looked at; a reader's seat is out before it looks at head. So either its seat is
 * seen here, or it starts no earlier than the head that counts here.
 */
static bool scan(mimir_ring_writer *w) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    uint64_t low = w->shown;
    for (uint32_t i = 0; i < MIMIR_RING_SEATS; i++) {
        const mimir_ring_seat *seat = &w->hints->seats[i];
        if (is_taken(token_of(seat))) {
            const uint64_t at = position_of(seat);
            low = at < low ? at : low;
        }
    }
    w->limit = low + w->mask + 1;
    return w->position < w->limit;
}

static bool is_open(mimir_ring_writer *w) {
    return w->hints == NULL || w->position < w->limit || scan(w);
}

/* Counts on where the last wait for the same item ended, or many short waits would never make a long one. */
static void begin_to_count(mimir_ring_writer *w, int64_t now) {
    if (w->waited_for != w->position + 1) {
        w->waited_for = w->position + 1;
        for (uint32_t i = 0; i < MIMIR_RING_SEATS; i++) {
            w->held_since_ns[i] = now;
        }
    }
}

/*
 * Takes the seat from readers that are dead, or have held the writer up at this one item for a second: to move is not
 * enough, or numbers that only change could hold it for ever.
 */
static void evict(mimir_ring_writer *w, int64_t now) {
    for (uint32_t i = 0; i < MIMIR_RING_SEATS; i++) {
        mimir_ring_seat *seat = &w->hints->seats[i];
        const uint64_t token = token_of(seat);
        const uint64_t at = position_of(seat);
        const bool holds = is_taken(token) && at < w->position && w->position - at > w->mask;
        if (!holds) {
            w->held_since_ns[i] = now;
        }
        if (holds && (now - w->held_since_ns[i] >= PATIENCE_NS || is_dead(token)) &&
            swap_token(seat, token, EVICTED(token))) {
            __atomic_store_n(&w->header->evicted, w->header->evicted + 1, __ATOMIC_RELAXED);
        }
    }
}

/* The word to sleep on is loaded before the mark is set and the seats are looked at: what moves then changes it. */
static void park(mimir_ring_writer *w, int64_t ns) {
    const uint32_t seen = __atomic_load_n(&w->hints->room, __ATOMIC_ACQUIRE);
    __atomic_store_n(&w->hints->writer_waits, 1, __ATOMIC_SEQ_CST);
    if (!scan(w)) {
        mimir_doorbell_sleep(&w->hints->room, seen, ns);
    }
    __atomic_store_n(&w->hints->writer_waits, 0, __ATOMIC_SEQ_CST);
}

bool mimir_ring_room(mimir_ring_writer *w, int64_t timeout_ns) {
    if (is_open(w)) {
        return true;
    }
    mimir_ring_publish(w);
    const int64_t begin = mimir_clock_ns();
    begin_to_count(w, begin);
    for (uint32_t looks = 0; !scan(w); looks++) {
        const int64_t now = mimir_clock_ns();
        const int64_t left = timeout_ns - (now - begin);
        if (left <= 0) {
            return false;
        }
        if (looks < SPINS) {
            mimir_pause();
        } else {
            park(w, left < NAP_NS ? left : NAP_NS);
            evict(w, mimir_clock_ns());
        }
    }
    return true;
}

/* ---- a reader ---- */

/*
 * Reserved, as if it were evicted: the position there is still another reader's, who may have been waited for.
 */
static mimir_ring_seat *reserve_seat(mimir_ring_hints *hints, uint64_t token) {
    for (uint32_t i = 0; i < MIMIR_RING_SEATS; i++) {
        const uint64_t sits = token_of(&hints->seats[i]);
        if ((sits == 0 || is_dead(sits)) && swap_token(&hints->seats[i], sits, EVICTED(token))) {
            return &hints->seats[i];
        }
    }
    return NULL;
}

int mimir_seat_take(mimir_ring_reader *r, bool from_now) {
    static uint32_t numbers;
    r->token = (uint64_t) mimir_process_id() << 32 | __atomic_add_fetch(&numbers, 1, __ATOMIC_RELAXED);
    r->seat = reserve_seat(r->hints, r->token);
    if (r->seat == NULL) {
        return -EBUSY;
    }
    r->step = (r->mask + STEPS_PER_LAP) / STEPS_PER_LAP;
    /* By the head after the reservation: who comes now never stands where the writer has waited for another one. */
    const uint64_t head = __atomic_load_n(&r->header->head, __ATOMIC_ACQUIRE);
    const uint64_t whole = head > r->mask ? head - r->mask : 0;
    if (from_now || r->position < whole) {
        r->first = r->position = from_now ? head : whole;
    }
    __atomic_store_n(&r->seat->position, r->position, __ATOMIC_RELEASE);
    swap_token(r->seat, EVICTED(r->token), r->token);
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* the seat before the look at head: see scan */
    if (from_now) {
        r->first = r->position = __atomic_load_n(&r->header->head, __ATOMIC_ACQUIRE);
        __atomic_store_n(&r->seat->position, r->position, __ATOMIC_RELEASE);
    }
    r->told = r->position;
    return 0;
}

/* Clears the mark before the word changes: whoever set it before has loaded the former word and will not sleep. */
static void wake_writer(mimir_ring_hints *hints) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* the position before the look at the mark */
    if (__atomic_load_n(&hints->writer_waits, __ATOMIC_RELAXED) != 0 &&
        __atomic_exchange_n(&hints->writer_waits, 0, __ATOMIC_SEQ_CST) != 0) {
        __atomic_fetch_add(&hints->room, 1, __ATOMIC_RELEASE);
        mimir_doorbell_wake(&hints->room);
    }
}

void mimir_seat_tell(mimir_ring_reader *r) {
    if (r->position == r->told) {
        return;
    }
    if (token_of(r->seat) != r->token) {
        swap_token(r->seat, EVICTED(r->token), 0); /* only its own reader frees a seat that was taken away */
        r->seat = NULL;
        r->evicted = true;
        return;
    }
    r->told = r->position;
    __atomic_store_n(&r->seat->position, r->position, __ATOMIC_RELEASE);
    wake_writer(r->hints);
}

void mimir_ring_reader_detach(mimir_ring_reader *r) {
    if (r->seat != NULL) {
        if (!swap_token(r->seat, r->token, 0)) {
            swap_token(r->seat, EVICTED(r->token), 0);
        }
        wake_writer(r->hints);
        r->seat = NULL;
    }
}
