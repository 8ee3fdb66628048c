/* Drives the core by lines of text, the same on a PC and on a microcontroller; no C library but
 * string.h. For tests only. A line is a word and its arguments, hex or decimal ("-" is no bytes):
 *
 *   crc HEX                          the CRC
 *   frame HEX                        the message as it goes over a byte stream
 *   read HEX                         each message of a byte stream, then "broken N"
 *   build TYPE SEQ T_US FLAGS HEX    a message with this body
 *   check HEX                        "type T seq S body N", or "no message"
 *   boot                             the test device starts
 *   now US, room N, refuse N         its clock; what its link takes; the next N sends fail
 *   status MV PERCENT C LEADS RSSI INTERVAL, flags N, event CODE SOURCE HEX
 *   sample STREAM V...               one instant of stream 0 (EMG) or 1 (ACC, three values)
 *   hear HEX, poll                   cl_hear, cl_poll
 *   ignored                          what cl_hear left alone
 *
 * Each message that the device sends is a line of hex.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <stdbool.h>

/* Run one line; `print` takes what is to be said, without line ends of its own. False if the line
 * makes no sense. */
bool driver_run(const char *line, void (*print)(const char *text));

#endif
