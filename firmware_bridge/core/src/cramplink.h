/* CrampLink 1, the sensor's side: everything that a sketch needs.
 *
 * Portable C99: no allocation, nothing of the C library but string.h, no hardware. The rules of the
 * wire stand in firmware_bridge/WIRE.md; W.. in comments are their numbers. The layers, each usable
 * without those that follow:
 *
 *   cl_framing.h  CRC-16, COBS out, COBS in
 *   cl_message.h  building and checking one message
 *   cl_ring.h     samples from an interrupt, with exact counts of what was lost
 *   cl_device.h   a whole sensor: INFO, DATA, STATUS, commands
 */
#ifndef CRAMPLINK_H
#define CRAMPLINK_H

#include "cl_device.h"
#include "cl_framing.h"
#include "cl_message.h"
#include "cl_ring.h"

#endif
