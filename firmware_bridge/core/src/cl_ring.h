/* Samples on their way from an interrupt to the main loop.
 *
 * The index of a sample counts instants since START (W15). The interrupt always writes; where the
 * main loop falls behind, the oldest eighth is given up, and how many were lost is the exact
 * distance of the indices. One writer (cl_ring_push), one reader (the rest).
 */
#ifndef CL_RING_H
#define CL_RING_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* values    memory for `capacity` instants of `channels` numbers each
 * capacity  a power of two, 8 or more
 * head      index of the next instant to be written
 * tail      index of the oldest instant that was neither sent nor lost
 * lost      instants that were given up before they were sent, since the device was switched on
 * gap       some were lost just before `tail`
 */
typedef struct {
    int16_t *values;
    uint16_t capacity;
    uint8_t channels;
    volatile uint32_t head;
    uint32_t tail;
    uint32_t lost;
    bool gap;
} cl_ring;

void cl_ring_init(cl_ring *ring, int16_t *memory, uint16_t capacity, uint8_t channels);

/* Begin at index 0; `lost` stays. Only while nothing pushes. */
void cl_ring_clear(cl_ring *ring);

/* One instant; from an interrupt. */
void cl_ring_push(cl_ring *ring, const int16_t *values);

/* How many instants wait from `ring->tail` on. Takes note of what was lost meanwhile. */
uint16_t cl_ring_ready(cl_ring *ring);

/* One value of the instant with this index, which must be among those that wait. */
int16_t cl_ring_value(const cl_ring *ring, uint32_t index, uint8_t channel);

/* Whether what was read from `ring->tail` on had not been overwritten before it was read. */
bool cl_ring_intact(const cl_ring *ring);

/* Let go of `count` instants, which were sent. */
void cl_ring_drop(cl_ring *ring, uint16_t count);

#ifdef __cplusplus
}
#endif
#endif
