#ifndef STUB_WIRE_H
#define STUB_WIRE_H

#include <stddef.h>
#include <stdint.h>

class TwoWire {
public:
    void begin();
    void beginTransmission(uint8_t address);
    uint8_t endTransmission(bool stop = true);
    size_t write(uint8_t byte);
    uint8_t requestFrom(uint8_t address, uint8_t size);
    int read();
};
extern TwoWire Wire, Wire1;

#endif
