// A worn sensor on a Seeed XIAO nRF52840 Sense over Bluetooth: EMG on A0 at 1024 Hz, the board's own
// LSM6DS3 at 102.4 Hz, the battery's voltage. Needs Seeed's nRF52 boards (or Adafruit's) and the
// folders core and boards as libraries; see ../../README.md. Never compiled by its toolchain, and
// never run.
#include <Arduino.h>
#include <Wire.h>
#include <bluefruit.h>

#include <worn_sensor.h>

constexpr uint8_t EMG_PIN = A0, ACCELEROMETER = 0x6A;
// FreeRTOS ticks come from the 32768 Hz crystal: 1024 a second, one sample each.
constexpr uint32_t EMG_MHZ = 1024000;
constexpr float ADC_VOLTS = 3.6f; // 0.6 V inside, gain 1/6
// The battery through 1 MOhm and 510 kOhm.
constexpr float BATTERY_MV_PER_COUNT = 3600.0f / 4096.0f * 1510.0f / 510.0f;
constexpr uint16_t BATTERY_LOW_MV = 3500;
constexpr uint32_t BATTERY_EVERY_MS = 60000;
// 15 to 30 ms in 1.25 ms, 5 s in 10 ms.
constexpr uint16_t INTERVAL_LOW = 12, INTERVAL_HIGH = 24, TIMEOUT = 500;
constexpr uint16_t MTU = 247, ATT_HEAD = 3;

// c1a3000N-6d5e-4b6f-8a21-6e1f0c4d2b10 (W24), from its end on.
#define UUID(n) \
    {0x10, 0x2b, 0x4d, 0x0c, 0x1f, 0x6e, 0x21, 0x8a, 0x6f, 0x4b, 0x5e, 0x6d, n, 0x00, 0xa3, 0xc1}
const uint8_t SERVICE[16] = UUID(1), DATA[16] = UUID(2), COMMAND[16] = UUID(3);

BLEService service(SERVICE);
BLECharacteristic data_out(DATA), command_in(COMMAND);
BLEBas battery_service;
Commands commands;
volatile bool armed, keeping;
volatile uint32_t ticks; // 48 days
volatile uint16_t connection = BLE_CONN_HANDLE_INVALID;

// A tick is 15625 / 16 us.
uint64_t us_of(uint32_t tick) { return static_cast<uint64_t>(tick) * 15625 / 16; }

uint64_t now_us() { return us_of(ticks); }

uint64_t start_sampling()
{
    taskENTER_CRITICAL();
    armed = true;
    uint32_t next = ticks + 1;
    taskEXIT_CRITICAL();
    return us_of(next);
}

// The sampling task has a higher priority: no reading is under way while this runs.
void stop_sampling()
{
    armed = false;
    keeping = false;
}

uint16_t room()
{
    BLEConnection *peer = Bluefruit.Connection(connection);
    if (peer == nullptr || !peer->connected() || !data_out.notifyEnabled(connection)) {
        return 0;
    }
    return peer->getMtu() - ATT_HEAD;
}

bool send(const uint8_t *message, uint16_t size)
{
    return data_out.notify(connection, message, size);
}

WornSensor sensor({now_us, start_sampling, stop_sampling, room, send}, "calf-nrf52", EMG_MHZ,
                  ADC_VOLTS);
Lsm6ds accelerometer(Wire1, ACCELEROMETER);

void sample(void *)
{
    TickType_t last = xTaskGetTickCount();
    for (;;) {
        vTaskDelayUntil(&last, 1);
        ticks = ticks + 1;
        keeping = keeping || armed;
        armed = false;
        int reading = analogRead(EMG_PIN);
        if (keeping) {
            sensor.push_emg(reading);
        }
    }
}

void on_connect(uint16_t handle)
{
    BLEConnection *peer = Bluefruit.Connection(handle);
    connection = handle;
    peer->requestDataLengthUpdate();
    peer->requestMtuExchange(MTU);
    peer->requestConnectionParameter(INTERVAL_HIGH, 0, TIMEOUT);
}

void on_disconnect(uint16_t, uint8_t) { connection = BLE_CONN_HANDLE_INVALID; }

void on_command(uint16_t, BLECharacteristic *, uint8_t *bytes, uint16_t size)
{
    commands.put(bytes, size);
}

void begin_radio()
{
    Bluefruit.configPrphBandwidth(BANDWIDTH_MAX);
    Bluefruit.begin();
    Bluefruit.setName("CrampLink");
    Bluefruit.Periph.setConnInterval(INTERVAL_LOW, INTERVAL_HIGH);
    Bluefruit.Periph.setConnectCallback(on_connect);
    Bluefruit.Periph.setDisconnectCallback(on_disconnect);
    service.begin();
    data_out.setProperties(CHR_PROPS_NOTIFY);
    data_out.setPermission(SECMODE_OPEN, SECMODE_NO_ACCESS);
    data_out.setMaxLen(LONGEST_NOTIFICATION);
    data_out.begin();
    command_in.setProperties(CHR_PROPS_WRITE_WO_RESP);
    command_in.setPermission(SECMODE_NO_ACCESS, SECMODE_OPEN);
    command_in.setMaxLen(64);
    command_in.setWriteCallback(on_command);
    command_in.begin();
    battery_service.begin();
    Bluefruit.Advertising.addFlags(BLE_GAP_ADV_FLAGS_LE_ONLY_GENERAL_DISC_MODE);
    Bluefruit.Advertising.addService(service);
    Bluefruit.ScanResponse.addName();
    Bluefruit.Advertising.restartOnDisconnect(true);
    Bluefruit.Advertising.start(0);
}

void tell_battery()
{
    static uint32_t told_ms;
    if (told_ms != 0 && millis() - told_ms < BATTERY_EVERY_MS) {
        return;
    }
    told_ms = millis() | 1;
    digitalWrite(VBAT_ENABLE, LOW);
    float millivolts = analogRead(PIN_VBAT) * BATTERY_MV_PER_COUNT;
    digitalWrite(VBAT_ENABLE, HIGH);
    sensor.battery(static_cast<uint16_t>(millivolts), BATTERY_LOW_MV);
}

void setup()
{
    analogReadResolution(ADC_BITS);
    pinMode(VBAT_ENABLE, OUTPUT);
    pinMode(PIN_LSM6DS3TR_C_POWER, OUTPUT);
    digitalWrite(PIN_LSM6DS3TR_C_POWER, HIGH);
    delay(20);
    commands.begin();
    accelerometer.begin(); // one that does not answer shows in the flag IMU_FAULT
    begin_radio();
    uint64_t uid = static_cast<uint64_t>(NRF_FICR->DEVICEID[1]) << 32 | NRF_FICR->DEVICEID[0];
    uint32_t boot_id = 0;
    sd_rand_application_vector_get(reinterpret_cast<uint8_t *>(&boot_id), sizeof boot_id);
    sensor.boot(uid, boot_id);
    TaskHandle_t task;
    xTaskCreate(sample, "emg", 256, nullptr, TASK_PRIO_HIGH, &task);
}

void loop()
{
    commands.give_to(sensor);
    tell_battery();
    sensor.turn(accelerometer);
    delay(2);
}
