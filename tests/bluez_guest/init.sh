#!/bin/sh
# The guest's first and only program: D-Bus, bluetoothd, and the controller behind a console port.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done </modules/order
ip link set lo up
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
dbus-daemon --config-file=/etc/dbus.conf --nopidfile --fork
socat TCP-LISTEN:5555,fork,reuseaddr,nodelay UNIX-CONNECT:/run/dbus/system_bus_socket &
bluetoothd -n &
btattach -B /dev/hvc0 -P h4 -S 3000000 &
tries=0
until btmgmt info | grep -q '^hci0'; do
    tries=$((tries + 1))
    test $tries -gt 100 && break
    usleep 200000
done
until btmgmt --index 0 power on | grep -q 'complete'; do
    tries=$((tries + 1))
    test $tries -gt 100 && break
    usleep 200000
done
echo "guest: ready"
while :; do sleep 3600; done
