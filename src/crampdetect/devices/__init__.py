"""Sensors: pure decoders and transports. Empty until the live night."""
