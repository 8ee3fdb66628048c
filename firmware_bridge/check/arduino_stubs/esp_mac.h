#ifndef STUB_ESP_MAC_H
#define STUB_ESP_MAC_H

#include <stdint.h>

int esp_efuse_mac_get_default(uint8_t *mac);

#endif
