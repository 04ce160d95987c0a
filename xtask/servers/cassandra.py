"""Puts rows into a Cassandra on a port of loopback that asks for a login: as many
people as are asked for into two tables, in partitions of their own and in partitions of
twenty. Speaks CQL's binary protocol, version 4."""

import socket
import struct
import sys


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">H", len(data)) + data


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        startup = struct.pack(">H", 1) + text("CQL_VERSION") + text("3.0.0")
        opcode, _ = self.ask(1, startup)
        if opcode == 3:
            login = b"\0cassandra\0cassandra"
            opcode, _ = self.ask(15, struct.pack(">I", len(login)) + login)
        if opcode not in (2, 16):
            sys.exit("not let in yet")

    def ask(self, opcode: int, body: bytes) -> tuple[int, bytes]:
        self.socket.sendall(bytes([4, 0, 0, 0, opcode]) + struct.pack(">I", len(body)) + body)
        head = self.read(9)
        return head[4], self.read(struct.unpack(">I", head[5:])[0])

    def read(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            part = self.socket.recv(count - len(out))
            if not part:
                sys.exit("the server hung up")
            out += part
        return out

    def run(self, question: str) -> None:
        data = question.encode()
        body = struct.pack(">I", len(data)) + data + struct.pack(">HB", 1, 0)
        opcode, answer = self.ask(7, body)
        if opcode == 0:
            sys.exit(f"{question[:40]}: {answer[4:]!r}")


def main() -> None:
    port, count = int(sys.argv[1]), int(sys.argv[2])
    server = Connection(port)
    server.run(
        "CREATE KEYSPACE IF NOT EXISTS support WITH replication = "
        "{'class': 'SimpleStrategy', 'replication_factor': 1}"
    )
    columns = "part int, number int, mail text, seen timestamp, tags list<text>"
    for name, key in [("people", "number"), ("grouped", "(part), number")]:
        server.run(f"CREATE TABLE IF NOT EXISTS support.{name} ({columns}, PRIMARY KEY ({key}))")
        for number in range(count):
            server.run(
                f"INSERT INTO support.{name} (part, number, mail, seen, tags) VALUES "
                f"({number // 20}, {number}, 'anna{number}@example.com', "
                "'2019-12-05 09:30:00Z', ['a', 'b'])"
            )


main()
