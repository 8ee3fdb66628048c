"""Sensors: pure decoders (link events to Samples) and the transports. Empty until the live night."""
