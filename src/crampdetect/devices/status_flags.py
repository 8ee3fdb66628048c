"""The fixed words of what a sensor says of itself (`Status.flag`)."""

__all__ = ["BATTERY_LOW", "CLIPPING", "LEAD_OFF", "OTHER_SIGNALS", "SENSOR_FAULT"]

LEAD_OFF = "lead_off"
CLIPPING = "clipping"
BATTERY_LOW = "battery_low"
SENSOR_FAULT = "sensor_fault"
#: The device now declares other signals than those with which the night began.
OTHER_SIGNALS = "other_signals"
