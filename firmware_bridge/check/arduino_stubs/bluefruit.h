#ifndef STUB_BLUEFRUIT_H
#define STUB_BLUEFRUIT_H

#include <stddef.h>
#include <stdint.h>

enum { BLE_CONN_HANDLE_INVALID = 0xFFFF, BANDWIDTH_MAX = 4 };
enum { BLE_GAP_ADV_FLAGS_LE_ONLY_GENERAL_DISC_MODE = 6 };
enum { CHR_PROPS_WRITE_WO_RESP = 4, CHR_PROPS_NOTIFY = 16 };
enum SecureMode_t { SECMODE_NO_ACCESS, SECMODE_OPEN };

class BLEService {
public:
    explicit BLEService(const uint8_t *uuid);
    int begin();
};

class BLECharacteristic {
public:
    typedef void (*write_cb_t)(uint16_t handle, BLECharacteristic *characteristic, uint8_t *bytes,
                               uint16_t size);
    explicit BLECharacteristic(const uint8_t *uuid);
    void setProperties(uint8_t properties);
    void setPermission(SecureMode_t read, SecureMode_t write);
    void setMaxLen(uint16_t longest);
    void setWriteCallback(write_cb_t call, bool deferred = true);
    int begin();
    bool notifyEnabled(uint16_t handle);
    bool notify(uint16_t handle, const void *bytes, uint16_t size);
};

class BLEBas {
public:
    int begin();
};

class BLEConnection {
public:
    bool connected();
    uint16_t getMtu() const;
    bool requestDataLengthUpdate();
    bool requestMtuExchange(uint16_t mtu);
    bool requestConnectionParameter(uint16_t interval, uint16_t latency, uint16_t timeout);
};

class BLEPeriph {
public:
    bool setConnInterval(uint16_t low, uint16_t high);
    void setConnectCallback(void (*call)(uint16_t handle));
    void setDisconnectCallback(void (*call)(uint16_t handle, uint8_t reason));
};

class BLEAdvertisingData {
public:
    bool addFlags(uint8_t flags);
    bool addService(BLEService &service);
    bool addName();
};

class BLEAdvertising : public BLEAdvertisingData {
public:
    void restartOnDisconnect(bool enable);
    bool start(uint16_t seconds);
};

class AdafruitBluefruit {
public:
    BLEPeriph Periph;
    BLEAdvertising Advertising;
    BLEAdvertisingData ScanResponse;
    void configPrphBandwidth(uint8_t bandwidth);
    bool begin();
    void setName(const char *name);
    BLEConnection *Connection(uint16_t handle);
};
extern AdafruitBluefruit Bluefruit;

struct NrfFicr {
    uint32_t DEVICEID[2];
};
extern NrfFicr *NRF_FICR;
uint32_t sd_rand_application_vector_get(uint8_t *bytes, uint8_t size);

#endif
