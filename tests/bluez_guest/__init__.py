"""A guest in qemu with Debian's kernel and bluetoothd, whose Bluetooth controller is bumble's."""
