#include "cl_ring.h"

/* Values must be in memory before the index that announces them, also on another core. */
#if defined(__GNUC__)
#define BARRIER() __sync_synchronize()
#else
#error "found a compiler without __sync_synchronize; expected GCC or Clang"
#endif

/* A full ring gives up this part of itself, so that what is read next is not overwritten meanwhile. */
#define SPARE 8

void cl_ring_init(cl_ring *ring, int16_t *memory, uint16_t capacity, uint8_t channels)
{
    ring->values = memory;
    ring->capacity = capacity;
    ring->channels = channels;
    ring->lost = 0;
    cl_ring_clear(ring);
}

void cl_ring_clear(cl_ring *ring)
{
    ring->head = 0;
    ring->tail = 0;
    ring->gap = false;
}

static int16_t *place(const cl_ring *ring, uint32_t index)
{
    uint16_t slot = (uint16_t)(index & (uint32_t)(ring->capacity - 1));
    return ring->values + (uint32_t)slot * ring->channels;
}

void cl_ring_push(cl_ring *ring, const int16_t *values)
{
    int16_t *to = place(ring, ring->head);
    for (uint8_t i = 0; i < ring->channels; i++) {
        to[i] = values[i];
    }
    BARRIER();
    ring->head = ring->head + 1;
}

/* An 8-bit machine reads the index byte by byte, and the interrupt may come between two of them:
 * two readings that agree are a true one. */
static uint32_t head_of(const cl_ring *ring)
{
    uint32_t once, again;
    do {
        once = ring->head;
        again = ring->head;
    } while (once != again);
    BARRIER();
    return again;
}

uint16_t cl_ring_ready(cl_ring *ring)
{
    uint32_t waiting = head_of(ring) - ring->tail;
    if (waiting >= ring->capacity) {
        uint16_t kept = (uint16_t)(ring->capacity - ring->capacity / SPARE);
        ring->lost += waiting - kept;
        ring->tail += waiting - kept;
        ring->gap = true;
        waiting = kept;
    }
    return (uint16_t)waiting;
}

int16_t cl_ring_value(const cl_ring *ring, uint32_t index, uint8_t channel)
{
    return place(ring, index)[channel];
}

/* Strictly less: at equality the interrupt may be writing into the oldest place right now. */
bool cl_ring_intact(const cl_ring *ring)
{
    BARRIER();
    return head_of(ring) - ring->tail < ring->capacity;
}

void cl_ring_drop(cl_ring *ring, uint16_t count)
{
    ring->tail += count;
    ring->gap = false;
}
