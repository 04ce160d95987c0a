"""Puts one document into a server of MongoDB's protocol on a port of loopback, so
that it has something to list; an unlocked server lists no database otherwise."""

import socket
import struct
import sys


def element(kind: int, name: str, value: bytes) -> bytes:
    return bytes([kind]) + name.encode() + b"\0" + value


def text(value: str) -> bytes:
    data = value.encode() + b"\0"
    return struct.pack("<i", len(data)) + data


def document(*elements: bytes) -> bytes:
    body = b"".join(elements) + b"\0"
    return struct.pack("<i", len(body) + 4) + body


def main() -> None:
    record = document(element(0x10, "_id", struct.pack("<i", 1)))
    insert = document(
        element(2, "insert", text("tickets")),
        element(4, "documents", document(element(3, "0", record))),
        element(2, "$db", text("support")),
    )
    body = struct.pack("<I", 0) + b"\0" + insert
    message = struct.pack("<4i", 16 + len(body), 1, 0, 2013) + body
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5) as server:
        server.sendall(message)
        answer = server.recv(4096)
    if b"ok\0" + struct.pack("<d", 1.0) not in answer:
        sys.exit("the document was not taken")


main()
