"""Plays in each websocket format with the library websockets: HOST PORT. Run by clients.rs."""

import asyncio
import json
import sys

from websockets.asyncio.client import connect

PASSWORD = "blue-otter-sesame"
FORMATS = {
    "v1.evennia.com": lambda line: json.dumps(["text", [line], {}]),
    "json.mudstandards.org": lambda line: json.dumps({"proto": "text", "id": "", "data": line}),
    "gmcp.mudstandards.org": lambda line: line.encode(),
    "terminal.mudstandards.org": lambda line: line.encode(),
    "telnet.mudstandards.org": lambda line: (line + "\r\n").encode(),
}


async def play(address, subprotocol, name):
    typed = FORMATS[subprotocol]
    async with connect(f"ws://{address}/ws", subprotocols=[subprotocol], compression="deflate") as socket:
        assert socket.subprotocol == subprotocol, socket.subprotocol
        assert [extension.name for extension in socket.protocol.extensions] == ["permessage-deflate"]

        async def expect(want):
            told = ""
            while want not in told:
                message = await asyncio.wait_for(socket.recv(), 15)
                told += message if isinstance(message, str) else message.decode("utf-8", "replace")
            return told

        async def send(line):
            await socket.send(typed(line))

        await expect("hangs up.")
        await send(f"create {name} {PASSWORD}")
        await expect("Is this what you intended?")
        await send("y")
        await expect("You can now log in")
        await send(f"connect {name} {PASSWORD}")
        await expect("Exits:")
        # Long enough for either side to compress it.
        rose = "a rose is " * 40 + "gone"
        await send(f"say {rose}")
        assert (await expect("gone")).count("a rose is ") == 40
        await send("say caf\u00e9")
        said = await expect("You say")
        assert "\u00e9" in said or "\\u00e9" in said, said
        await (await socket.ping())
        await send("quit")
        async for _ in socket:
            pass
        print(subprotocol, socket.close_code, flush=True)


async def main(address):
    for number, subprotocol in enumerate(FORMATS):
        await play(address, subprotocol, "wilma" + "abcde"[number])


asyncio.run(main(f"{sys.argv[1]}:{sys.argv[2]}"))
