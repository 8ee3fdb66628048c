"""What is told to others while a night lasts: commands, webhooks, MQTT; off by default."""
