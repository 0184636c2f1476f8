"""Plays with telnetlib3, a telnet client with an opinion of its own: HOST PORT. Run by clients.rs."""

import asyncio
import json
import sys

import telnetlib3
from telnetlib3.telopt import GMCP

PASSWORD = "blue-otter-sesame"


async def main(host, port):
    heard = []
    reader, writer = await telnetlib3.open_connection(
        host, port, encoding="utf8", term="xterm-256color", cols=120, rows=50,
        connect_minwait=1.0, connect_maxwait=5.0, compression=True,
    )
    writer.set_ext_callback(GMCP, lambda package, data: heard.append((package, data)))

    async def expect(want):
        told = ""
        while want not in told:
            piece = await asyncio.wait_for(reader.read(4096), 15)
            assert piece, f"the connection ended before {want!r}: {told!r}"
            told += piece
        return told

    async def send(line):
        writer.write(line + "\r\n")
        await writer.drain()

    await expect("hangs up.")
    await send(f"create dora {PASSWORD}")
    await expect("Is this what you intended?")
    await send("y")
    await expect("You can now log in")
    await send(f"connect dora {PASSWORD}")
    await expect("Exits:")
    await send("say \u65e5\u672c caf\u00e9")
    assert "\u65e5\u672c caf\u00e9" in await expect("\u00e9"), "UTF-8 both ways"
    remote = {telnetlib3.telopt.name_command(o[-1:]) if isinstance(o, bytes) else str(o)
              for o, on in writer.remote_option.items() if on}
    local = {telnetlib3.telopt.name_command(o[-1:]) if isinstance(o, bytes) else str(o)
             for o, on in writer.local_option.items() if on}
    print(json.dumps({"remote": sorted(remote), "local": sorted(local),
                      "gmcp": [package for package, _ in heard]}), flush=True)
    sys.stdin.readline()
    await send("quit")
    while await asyncio.wait_for(reader.read(4096), 15):
        pass


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
