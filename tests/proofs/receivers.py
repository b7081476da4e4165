"""Bots that receive in the twelve usual ways, with each library: what a pong would do to them is not the same.

Five catch something around what they read, seven look at a message before they use it. Each has a socket of its own.
"""

from __future__ import annotations

from typing import NamedTuple

NOBODY = "()"  # except (): catches nothing
CATCHES = ("{lost}", "({lost}, OSError)", "{lost_in_full}", "Exception", "KeyError")
GUARDS = (
    'message.get("op") == "subscribe"',
    '"op" in message',
    '"success" in message',
    'message.get("ret_msg") == "subscribe"',
    '"topic" not in message',
    'message.get("type") == "pong"',
    'message.get("success") is False',
)
WAYS = (*((catch, "False") for catch in CATCHES), *((NOBODY, guard) for guard in GUARDS))
"""What a receiver catches, and which messages it leaves out."""
DIE_OF_A_PONG = [0, 1, 2, 5, 8, 10, 11]
"""Those that would die of one; the others catch the KeyError, or leave out what is no data."""

HEAD = '''
import asyncio
import json
import threading
import time
{imports}

SUBSCRIBE = json.dumps({{"op": "subscribe", "args": ["tickers.BTCUSDT"]}})
begun, done, dead = {{}}, set(), {{}}


def heard(number, price):
    """A receiver that still hears something 10 s after its first message, of which pings are 4 s apart, is done."""
    if time.time() - begun.setdefault(number, time.time()) > 10:
        done.add(number)
    return number in done

'''


class Library(NamedTuple):
    """A receiver of one library, in which {open} is replaced by a way to receive, and the `run()` of its bot."""

    imports: str
    escaped: str
    lost_in_full: str
    receiver: str
    messages: tuple[str, ...]
    """Ways to come by the next message, in turn."""
    run: str

    def bot(self) -> str:
        found = HEAD.format(imports=self.imports)
        for number, (catch, guard) in enumerate(WAYS):
            channel = ("spot", "linear")[number % 2]
            found += self.receiver.format(
                number=number,
                url=f"wss://stream.bybit.com/v5/public/{channel}?{number}",
                catch=catch.format(lost=self.escaped, lost_in_full=self.lost_in_full),
                guard=guard,
                **self._reading(self.messages[number % len(self.messages)]),
            )
        return found + self.run.format(receivers=", ".join(f"receiver_{number}" for number in range(len(WAYS))))

    @staticmethod
    def _reading(message: str) -> dict[str, str]:
        loop, _, text = message.partition(": ")
        return {"loop": loop, "text": text}


COROUTINES = """
async def watched(number, receiver):
    try:
        await receiver()
    except Exception as error:
        dead[number] = repr(error)


async def run():
    tasks = [asyncio.create_task(watched(*each)) for each in enumerate([{receivers}])]
    while len(done | dead.keys()) < len(tasks):
        await asyncio.sleep(1)
    return sorted(dead)
"""
THREADS = """
def watched(number, receiver):
    try:
        receiver()
    except Exception as error:
        dead[number] = repr(error)


def run():
    for each in enumerate([{receivers}]):
        threading.Thread(target=watched, args=each, daemon=True).start()
    while len(done | dead.keys()) < {count}:
        time.sleep(1)
    return sorted(dead)
""".replace("{count}", str(len(WAYS)))

LIBRARIES = {
    "websockets": Library(
        "import websockets",
        "websockets.ConnectionClosed",
        "websockets.exceptions.ConnectionClosedError",
        """
async def receiver_{number}():
    while True:
        try:
            async with websockets.connect("{url}") as ws:
                await ws.send(SUBSCRIBE)
                await ws.recv()
                {loop}:
                    message = json.loads({text})
                    if {guard}:
                        continue
                    if heard({number}, message["data"]["lastPrice"]):
                        return
        except {catch}:
            await asyncio.sleep(5)

""",
        (
            "async for text in ws: text",
            "while True: await ws.recv()",
            "while True: await asyncio.wait_for(ws.recv(), 60)",
        ),
        COROUTINES,
    ),
    "aiohttp": Library(
        "import aiohttp",
        "aiohttp.ClientError",
        "aiohttp.client_exceptions.ClientConnectionError",
        """
async def receiver_{number}():
    while True:
        try:
            async with aiohttp.ClientSession() as session:
                async with session.ws_connect("{url}") as ws:
                    await ws.send_str(SUBSCRIBE)
                    await ws.receive()
                    {loop}:
                        message = json.loads({text})
                        if {guard}:
                            continue
                        if heard({number}, message["data"]["lastPrice"]):
                            return
        except {catch}:
            await asyncio.sleep(5)

""",
        (
            "async for each in ws: each.data",
            "while True: await ws.receive_str()",
            "while True: json.dumps(await ws.receive_json())",
            "while True: (await ws.receive(timeout=60)).data",
        ),
        COROUTINES,
    ),
    "websockets in threads": Library(
        "import websockets\nfrom websockets.sync.client import connect",
        "websockets.ConnectionClosed",
        "websockets.exceptions.ConnectionClosedError",
        """
def receiver_{number}():
    while True:
        try:
            with connect("{url}") as ws:
                ws.send(SUBSCRIBE)
                ws.recv()
                {loop}:
                    message = json.loads({text})
                    if {guard}:
                        continue
                    if heard({number}, message["data"]["lastPrice"]):
                        return
        except {catch}:
            time.sleep(5)

""",
        ("for text in ws: text", "while True: ws.recv()", "while True: ws.recv(timeout=60)"),
        THREADS,
    ),
    "websocket-client": Library(
        "import websocket",
        "websocket.WebSocketException",
        "websocket._exceptions.WebSocketConnectionClosedException",
        """
def receiver_{number}():
    while True:
        try:
            ws = websocket.create_connection("{url}", timeout=60)
            ws.send(SUBSCRIBE)
            ws.recv()
            {loop}:
                message = json.loads({text})
                if {guard}:
                    continue
                if heard({number}, message["data"]["lastPrice"]):
                    return
        except {catch}:
            time.sleep(5)

""",
        ("while True: ws.recv()", "for text in ws: text", "while True: ws.recv_data()[1]"),
        THREADS,
    ),
    "websocket-client's app": Library(
        "import websocket",
        "websocket.WebSocketException",
        "websocket._exceptions.WebSocketConnectionClosedException",
        """
def receiver_{number}():
    def on_open(ws):
        ws.send(SUBSCRIBE)

    def on_message(ws, text, *rest):
        message = json.loads(text)
        if "tickers" not in text and "pong" not in text:
            return
        try:
            if {guard}:
                return
            if heard({number}, message["data"]["lastPrice"]):
                ws.close()
        except {catch}:
            print("caught")

    def on_error(ws, error):
        dead[{number}] = repr(error)

    app = websocket.WebSocketApp("{url}", on_open=on_open, on_error=on_error{text})
    {loop}
    app.run_forever()

""",
        ("pass: , on_message=on_message", "app.on_message = on_message: ", "pass: , on_data=on_message"),
        THREADS,
    ),
}
