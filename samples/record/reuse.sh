echo 100 >/proc/sys/kernel/ns_last_pid
./crashes --become fpe
echo 100 >/proc/sys/kernel/ns_last_pid
./crashes --become abrt
true
