// SPDX-License-Identifier: Apache-2.0
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>

#include "usbip.h"

#define IN_A_LINE 24

const char *trace_name(const char *form, const char *name) {
    static char text[128];
    snprintf(text, sizeof text, form, name);
    return text;
}

int trace_patience_ms(void) {
    return getenv("MIMIR_TEST_CASE") != NULL ? 4000 : 15000;
}

trace_state trace_look(void) {
    const model *m = usbip_lock();
    const trace_state s = {model_defects(m), model_rate_mhz(m), m->frames_skipped};
    usbip_unlock();
    return s;
}

static bool makes_rate(const model_write *w) {
    return w->chip == 0 ? w->number == 0xE5 : w->number == 0x11 || w->number == 0x0D;
}

static void print(const char *name, uint64_t from, bool rate_only) {
    const model *m = usbip_lock();
    int in_line = IN_A_LINE;
    int chip = 0;
    printf("T == %s", name);
    for (uint64_t i = from; i < m->writes; i++) {
        const model_write *w = &m->log[i % MODEL_MOST_LOG];
        if (rate_only && !makes_rate(w)) {
            continue;
        }
        if (w->chip != chip || in_line == IN_A_LINE) {
            printf("\nT %s", w->chip == 0 ? "bridge" : "sensor");
            chip = w->chip;
            in_line = 0;
        }
        printf(" %02X:%02X", w->number, w->value);
        in_line++;
    }
    printf("\n");
    fflush(stdout);
    usbip_unlock();
}

void trace_print(const char *name, uint64_t from) {
    print(name, from, false);
}

void trace_print_rate(uint32_t width, uint32_t rate_hz, uint64_t from) {
    char name[64];
    snprintf(name, sizeof name, "rate %u %u", width, rate_hz);
    print(name, from, true);
}
