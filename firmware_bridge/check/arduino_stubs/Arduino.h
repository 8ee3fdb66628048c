// Stand-ins for the headers of Arduino's boards, so that a PC's compiler can read the sketches.
// Declarations only, written from the boards' public documentation; a sketch that passes here may
// still fail in its own toolchain.
#ifndef STUB_ARDUINO_H
#define STUB_ARDUINO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LOW = 0, HIGH = 1, OUTPUT = 1 };
enum : uint8_t { A0 = 0 };
enum { VBAT_ENABLE = 14, PIN_VBAT = 32, PIN_LSM6DS3TR_C_POWER = 15 };
int analogRead(uint8_t pin);
void analogReadResolution(uint8_t bits);
void digitalWrite(uint8_t pin, uint8_t level);
void pinMode(uint8_t pin, uint8_t mode);
void delay(uint32_t ms);
uint32_t millis();

// FreeRTOS, which both boards bring along.
typedef void *QueueHandle_t;
typedef void *TaskHandle_t;
typedef uint32_t TickType_t;
typedef long BaseType_t;
enum { pdTRUE = 1, TASK_PRIO_HIGH = 3 };
QueueHandle_t xQueueCreate(uint32_t length, uint32_t size);
BaseType_t xQueueSend(QueueHandle_t queue, const void *item, TickType_t wait);
BaseType_t xQueueReceive(QueueHandle_t queue, void *item, TickType_t wait);
TickType_t xTaskGetTickCount();
void vTaskDelayUntil(TickType_t *last, TickType_t ticks);
BaseType_t xTaskCreate(void (*run)(void *), const char *name, uint16_t stack, void *argument,
                       uint32_t priority, TaskHandle_t *task);
void taskENTER_CRITICAL();
void taskEXIT_CRITICAL();

// ESP32 only.
struct portMUX_TYPE {
    int owner;
};
#define portMUX_INITIALIZER_UNLOCKED {0}
void portENTER_CRITICAL(portMUX_TYPE *lock);
void portEXIT_CRITICAL(portMUX_TYPE *lock);

#endif
