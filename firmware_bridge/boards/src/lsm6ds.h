// An accelerometer of the LSM6DS family (LSM6DS3, LSM6DSO) on I2C: +-4 g, 104 Hz.
#ifndef CRAMPDETECT_LSM6DS_H
#define CRAMPDETECT_LSM6DS_H

#include <Arduino.h>
#include <Wire.h>

class Lsm6ds {
public:
    // 122 ug per count at +-4 g, by the data sheet.
    static constexpr float G_PER_COUNT = 122e-6f;

    Lsm6ds(TwoWire &bus, uint8_t address) : bus_(bus), address_(address) {}

    // False if nothing answers.
    bool begin()
    {
        bus_.begin();
        bus_.beginTransmission(address_);
        bus_.write(CONTROL);
        bus_.write(AT_104_HZ_4_G);
        return bus_.endTransmission() == 0;
    }

    // Three counts; false (and the values as they were) if the sensor does not answer.
    bool read(int16_t *values)
    {
        bus_.beginTransmission(address_);
        bus_.write(FIRST_OUTPUT);
        if (bus_.endTransmission(false) != 0 || bus_.requestFrom(address_, BYTES) != BYTES) {
            return false;
        }
        for (uint8_t axis = 0; axis < 3; axis++) {
            uint8_t low = static_cast<uint8_t>(bus_.read());
            uint8_t high = static_cast<uint8_t>(bus_.read());
            values[axis] = static_cast<int16_t>(low | high << 8);
        }
        return true;
    }

private:
    // CTRL1_XL and OUTX_L_XL of the data sheet.
    static constexpr uint8_t CONTROL = 0x10, AT_104_HZ_4_G = 0x48, FIRST_OUTPUT = 0x28, BYTES = 6;
    TwoWire &bus_;
    uint8_t address_;
};

#endif
