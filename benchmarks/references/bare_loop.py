"""The reference: a paho client that acknowledges COUNT messages and does nothing else with them.

python -m benchmarks.references.bare_loop PORT CLIENT_ID COUNT
"""

from __future__ import annotations

import sys
import time

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


def main() -> None:
    port, client_id, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id, clean_session=False, protocol=MQTTProtocolVersion.MQTTv311
    )
    seen = 0
    began = 0.0

    def on_message(_client: mqtt.Client, _data: object, _message: mqtt.MQTTMessage) -> None:
        nonlocal seen, began
        began = began or time.perf_counter()
        seen += 1

    client.on_message = on_message
    client.connect("127.0.0.1", port)
    while seen < count or client.want_write():
        client.loop(1)
    print(time.perf_counter() - began, time.process_time())
    client.disconnect()


if __name__ == "__main__":
    main()
