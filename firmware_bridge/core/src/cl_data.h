/* DATA: from rings to messages. Part of the core; sketches use cl_device.h. */
#ifndef CL_DATA_H
#define CL_DATA_H

#include "cl_device.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A stream's format on the wire: channels and 16-bit numbers with a sign (W26). */
uint8_t cl_format(const cl_stream *stream);

/* Send one DATA message if enough samples wait and the link has room; false if nothing was sent.
 * What the link does not take stays in the ring. */
bool cl_send_data(cl_device *device);

#ifdef __cplusplus
}
#endif
#endif
