#ifndef STUB_ESP_TIMER_H
#define STUB_ESP_TIMER_H

#include <stdint.h>

typedef void *esp_timer_handle_t;
struct esp_timer_create_args_t {
    void (*callback)(void *);
    void *arg;
    int dispatch_method;
    const char *name;
    bool skip_unhandled_events;
};
int esp_timer_create(const esp_timer_create_args_t *arguments, esp_timer_handle_t *timer);
int esp_timer_start_periodic(esp_timer_handle_t timer, uint64_t period_us);
int64_t esp_timer_get_time();

#endif
