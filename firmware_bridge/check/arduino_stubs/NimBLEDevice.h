#ifndef STUB_NIMBLE_DEVICE_H
#define STUB_NIMBLE_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include <string>

namespace NIMBLE_PROPERTY {
enum { READ = 2, WRITE_NR = 4, WRITE = 8, NOTIFY = 16 };
}

class NimBLEAttValue {
public:
    const uint8_t *data() const;
    uint16_t size() const;
};

class NimBLEConnInfo {
public:
    uint16_t getConnHandle() const;
    uint16_t getMTU() const;
};

class NimBLECharacteristic;
class NimBLEServer;

class NimBLECharacteristicCallbacks {
public:
    virtual ~NimBLECharacteristicCallbacks() {}
    virtual void onWrite(NimBLECharacteristic *characteristic, NimBLEConnInfo &peer);
    virtual void onSubscribe(NimBLECharacteristic *characteristic, NimBLEConnInfo &peer,
                             uint16_t what);
};

class NimBLECharacteristic {
public:
    void setCallbacks(NimBLECharacteristicCallbacks *callbacks);
    NimBLEAttValue getValue() const;
    bool notify(const uint8_t *value, size_t length, uint16_t handle = 0xFFFF) const;
};

class NimBLEService {
public:
    NimBLECharacteristic *createCharacteristic(const char *uuid, uint32_t properties,
                                               uint16_t longest = 512);
    bool start();
};

class NimBLEServerCallbacks {
public:
    virtual ~NimBLEServerCallbacks() {}
    virtual void onConnect(NimBLEServer *server, NimBLEConnInfo &peer);
    virtual void onDisconnect(NimBLEServer *server, NimBLEConnInfo &peer, int reason);
    virtual void onMTUChange(uint16_t mtu, NimBLEConnInfo &peer);
};

class NimBLEServer {
public:
    NimBLEService *createService(const char *uuid);
    void setCallbacks(NimBLEServerCallbacks *callbacks, bool owned = true);
    void updateConnParams(uint16_t handle, uint16_t low, uint16_t high, uint16_t latency,
                          uint16_t timeout);
};

class NimBLEAdvertising {
public:
    bool addServiceUUID(const char *uuid);
    bool setName(const std::string &name);
    void enableScanResponse(bool enable);
    bool start(uint32_t duration = 0);
};

class NimBLEDevice {
public:
    static bool init(const std::string &name);
    static bool setMTU(uint16_t mtu);
    static NimBLEServer *createServer();
    static NimBLEAdvertising *getAdvertising();
    static bool startAdvertising(uint32_t duration = 0);
};

#endif
