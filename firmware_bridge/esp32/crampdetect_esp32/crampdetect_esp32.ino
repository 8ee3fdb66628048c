// A worn sensor on an ESP32 (C3, C6, S3 or classic) over Bluetooth: EMG on EMG_PIN at 1 kHz, an
// LSM6DS accelerometer on I2C at 100 Hz. Needs NimBLE-Arduino 2.x and the folders core and boards as
// libraries; see ../../README.md. Never compiled by its toolchain, and never run.
#include <Arduino.h>
#include <NimBLEDevice.h>
#include <Wire.h>
#include <esp_mac.h>
#include <esp_random.h>
#include <esp_timer.h>

#include <worn_sensor.h>

// A pin of ADC1: the other converter does not work beside the radio.
constexpr uint8_t EMG_PIN = 0;
constexpr uint8_t ACCELEROMETER = 0x6B;
constexpr uint32_t PERIOD_US = 1000, EMG_MHZ = 1000000;
// At the default attenuation; the converter is not linear near its ends.
constexpr float ADC_VOLTS = 3.3f;
// The service of WIRE.md (W24).
const char *const SERVICE = "c1a30001-6d5e-4b6f-8a21-6e1f0c4d2b10";
const char *const DATA = "c1a30002-6d5e-4b6f-8a21-6e1f0c4d2b10";
const char *const COMMAND = "c1a30003-6d5e-4b6f-8a21-6e1f0c4d2b10";
// 15 to 30 ms in 1.25 ms, no latency, 5 s in 10 ms.
constexpr uint16_t INTERVAL_LOW = 12, INTERVAL_HIGH = 24, LATENCY = 0, TIMEOUT = 500;
constexpr uint16_t MTU = 247, ATT_HEAD = 3;

portMUX_TYPE lock = portMUX_INITIALIZER_UNLOCKED;
volatile bool armed, keeping;
volatile uint32_t rounds;
uint64_t begin_us;
volatile uint16_t mtu;
volatile bool subscribed;
NimBLECharacteristic *data_out;
Commands commands;

uint64_t now_us() { return static_cast<uint64_t>(esp_timer_get_time()); }

uint64_t start_sampling()
{
    portENTER_CRITICAL(&lock);
    armed = true;
    uint32_t next = rounds + 1;
    portEXIT_CRITICAL(&lock);
    return begin_us + static_cast<uint64_t>(next) * PERIOD_US;
}

void stop_sampling()
{
    portENTER_CRITICAL(&lock);
    armed = keeping = false;
    portEXIT_CRITICAL(&lock);
    delay(2); // a reading that had begun is over now
}

uint16_t room() { return subscribed && mtu > ATT_HEAD ? mtu - ATT_HEAD : 0; }

bool send(const uint8_t *message, uint16_t size) { return data_out->notify(message, size); }

WornSensor sensor({now_us, start_sampling, stop_sampling, room, send}, "calf-esp32", EMG_MHZ,
                  ADC_VOLTS);
Lsm6ds accelerometer(Wire, ACCELEROMETER);

void sample(void *)
{
    portENTER_CRITICAL(&lock);
    rounds = rounds + 1;
    keeping = keeping || armed;
    armed = false;
    bool keep = keeping;
    portEXIT_CRITICAL(&lock);
    int reading = analogRead(EMG_PIN);
    if (keep) {
        sensor.push_emg(reading);
    }
}

class Connections : public NimBLEServerCallbacks {
    void onConnect(NimBLEServer *server, NimBLEConnInfo &peer) override
    {
        server->updateConnParams(peer.getConnHandle(), INTERVAL_LOW, INTERVAL_HIGH, LATENCY, TIMEOUT);
    }
    void onDisconnect(NimBLEServer *, NimBLEConnInfo &, int) override
    {
        mtu = 0;
        subscribed = false;
        NimBLEDevice::startAdvertising();
    }
    void onMTUChange(uint16_t now, NimBLEConnInfo &) override { mtu = now; }
};

class Channel : public NimBLECharacteristicCallbacks {
    void onWrite(NimBLECharacteristic *characteristic, NimBLEConnInfo &) override
    {
        NimBLEAttValue value = characteristic->getValue();
        commands.put(value.data(), value.size());
    }
    void onSubscribe(NimBLECharacteristic *, NimBLEConnInfo &peer, uint16_t what) override
    {
        mtu = peer.getMTU();
        subscribed = what != 0;
    }
};

void begin_radio()
{
    static Connections connections;
    static Channel channel;
    NimBLEDevice::init("CrampLink");
    NimBLEDevice::setMTU(MTU);
    NimBLEServer *server = NimBLEDevice::createServer();
    server->setCallbacks(&connections, false);
    NimBLEService *service = server->createService(SERVICE);
    data_out = service->createCharacteristic(DATA, NIMBLE_PROPERTY::NOTIFY);
    data_out->setCallbacks(&channel);
    NimBLECharacteristic *in = service->createCharacteristic(COMMAND, NIMBLE_PROPERTY::WRITE_NR);
    in->setCallbacks(&channel);
    service->start();
    NimBLEAdvertising *advertising = NimBLEDevice::getAdvertising();
    advertising->addServiceUUID(SERVICE);
    advertising->setName("CrampLink");
    advertising->enableScanResponse(true);
    advertising->start();
}

void begin_timer()
{
    esp_timer_create_args_t arguments = {};
    arguments.callback = sample;
    arguments.name = "emg";
    esp_timer_handle_t timer;
    esp_timer_create(&arguments, &timer);
    begin_us = now_us();
    esp_timer_start_periodic(timer, PERIOD_US);
}

void setup()
{
    analogReadResolution(ADC_BITS);
    commands.begin();
    accelerometer.begin(); // one that does not answer shows in the flag IMU_FAULT
    uint64_t uid = 0;
    esp_efuse_mac_get_default(reinterpret_cast<uint8_t *>(&uid));
    sensor.boot(uid, esp_random());
    begin_radio();
    begin_timer();
}

void loop()
{
    commands.give_to(sensor);
    sensor.turn(accelerometer);
    delay(2);
}
