// One EMG channel and one accelerometer over CrampLink: what the sketches have in common.
//
// A sketch samples EMG by its own timer (push_emg), gives a WornLink to the constructor, and calls
// `turn` in its loop. Everything but push_emg runs in the loop's task.
#ifndef CRAMPDETECT_WORN_SENSOR_H
#define CRAMPDETECT_WORN_SENSOR_H

#include <cramplink.h>

#include "lsm6ds.h"

// Rings for about 8 s, so that a short loss of the link costs nothing: 16 kB and 6 kB.
constexpr uint16_t EMG_KEPT = 8192, ACC_KEPT = 1024;
// One notification at an ATT MTU of 247 (W24); 80 samples of EMG and 8 of acceleration are 242.
constexpr uint16_t LONGEST_NOTIFICATION = 244;
constexpr uint8_t EMG_PER_MESSAGE = 80, EMG_PER_ACC = 10;
// MyoWare 2.0, pin RAW: gain and band by its makers; not measured.
constexpr float EMG_GAIN = 200.0f;
constexpr uint16_t EMG_HIGH_PASS_CHZ = 2080, EMG_LOW_PASS_HZ = 498;
constexpr int16_t ADC_MIDDLE = 2048, ADC_HIGHEST = 4095;
constexpr uint8_t ADC_BITS = 12;

// The board's clock and radio; see cl_port for what each has to do.
struct WornLink {
    uint64_t (*now_us)();
    uint64_t (*start)();
    void (*stop)();
    uint16_t (*room)();
    bool (*send)(const uint8_t *message, uint16_t size);
};

class WornSensor {
public:
    WornSensor(const WornLink &link, const char *name, uint32_t emg_mhz, float adc_volts)
        : link_(link)
    {
        cl_ring_init(&emg_ring_, emg_memory_, EMG_KEPT, 1);
        cl_ring_init(&acc_ring_, acc_memory_, ACC_KEPT, 3);
        describe_emg(emg_mhz, adc_volts);
        describe_acc(emg_mhz);
        device_.name = name;
        device_.streams = streams_;
        device_.stream_count = 2;
        device_.memory = memory_;
        device_.memory_size = sizeof memory_;
        device_.firmware[0] = 1;
        device_.capabilities = CL_TIMED_BY_HARDWARE;
        device_.status.battery_percent = 255;
        device_.status.temperature_c = -128;
        device_.port.context = this;
        device_.port.now_us = [](void *self) { return of(self).link_.now_us(); };
        device_.port.start = [](void *self) { return of(self).link_.start(); };
        device_.port.stop = [](void *self) { of(self).link_.stop(); };
        device_.port.room = [](void *self) { return of(self).link_.room(); };
        device_.port.send = [](void *self, const uint8_t *message, uint16_t size) {
            return of(self).link_.send(message, size);
        };
    }

    // `uid` lasts; `boot_id` is drawn anew at each boot.
    void boot(uint64_t uid, uint32_t boot_id)
    {
        memcpy(device_.uid, &uid, sizeof device_.uid);
        device_.boot_id = boot_id;
        cl_boot(&device_);
    }

    // One reading of the converter; from the task that samples.
    void push_emg(int reading)
    {
        int16_t value = static_cast<int16_t>(reading - ADC_MIDDLE);
        cl_ring_push(&emg_ring_, &value);
    }

    void hear(const uint8_t *message, uint16_t size) { cl_hear(&device_, message, size); }

    void battery(uint16_t millivolts, uint16_t low_millivolts)
    {
        device_.status.battery_mv = millivolts;
        set_flag(CL_BATT_LOW, millivolts < low_millivolts);
    }

    // Take the acceleration that is due, and send what waits.
    void turn(Lsm6ds &accelerometer)
    {
        while (static_cast<int32_t>(emg_ring_.head / EMG_PER_ACC - acc_ring_.head) > 0) {
            set_flag(CL_IMU_FAULT, !accelerometer.read(acc_));
            cl_ring_push(&acc_ring_, acc_);
        }
        cl_poll(&device_);
    }

private:
    static WornSensor &of(void *self) { return *static_cast<WornSensor *>(self); }

    void set_flag(uint16_t flag, bool holds)
    {
        device_.flags = static_cast<uint16_t>(holds ? device_.flags | flag : device_.flags & ~flag);
    }

    void describe_emg(uint32_t mhz, float adc_volts)
    {
        cl_stream &emg = streams_[0];
        emg.number = 1;
        emg.kind = CL_KIND_EMG;
        emg.unit = CL_UNIT_VOLT;
        emg.adc_bits = ADC_BITS;
        emg.rate_mhz = mhz;
        emg.scale = adc_volts / (ADC_HIGHEST + 1) / EMG_GAIN;
        emg.high_pass_chz = EMG_HIGH_PASS_CHZ;
        emg.low_pass_hz = EMG_LOW_PASS_HZ;
        emg.label = "EMG";
        emg.low = -ADC_MIDDLE;
        emg.high = ADC_HIGHEST - ADC_MIDDLE;
        emg.per_message = EMG_PER_MESSAGE;
        emg.ring = &emg_ring_;
    }

    void describe_acc(uint32_t emg_mhz)
    {
        cl_stream &acc = streams_[1];
        acc.number = 2;
        acc.kind = CL_KIND_ACC;
        acc.unit = CL_UNIT_G;
        acc.adc_bits = 16;
        acc.rate_mhz = emg_mhz / EMG_PER_ACC;
        acc.scale = Lsm6ds::G_PER_COUNT;
        acc.label = "ACC";
        // The n-th reading is taken when 10 n + 10 of EMG are there.
        acc.delay_us = static_cast<int32_t>(1000000000ull * EMG_PER_ACC / emg_mhz);
        acc.per_message = 2 * EMG_PER_MESSAGE / EMG_PER_ACC;
        acc.ring = &acc_ring_;
    }

    WornLink link_;
    cl_device device_{};
    cl_stream streams_[2]{};
    cl_ring emg_ring_{}, acc_ring_{};
    int16_t emg_memory_[EMG_KEPT], acc_memory_[3 * ACC_KEPT], acc_[3]{};
    uint8_t memory_[LONGEST_NOTIFICATION];
};

// Commands on their way from the radio's task to the loop; one that finds no place is asked again.
class Commands {
public:
    void begin() { queue_ = xQueueCreate(4, sizeof(Command)); }

    void put(const uint8_t *message, size_t size)
    {
        Command command{};
        if (size <= sizeof command.bytes) {
            memcpy(command.bytes, message, size);
            command.size = static_cast<uint16_t>(size);
            xQueueSend(queue_, &command, 0);
        }
    }

    void give_to(WornSensor &sensor)
    {
        Command command;
        while (xQueueReceive(queue_, &command, 0) == pdTRUE) {
            sensor.hear(command.bytes, command.size);
        }
    }

private:
    struct Command {
        uint8_t bytes[64];
        uint16_t size;
    };
    QueueHandle_t queue_ = nullptr;
};

#endif
