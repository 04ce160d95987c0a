"""Makes what an Azure Blob emulator holds: azurite.py PORT STATE.

The state "public" has a container that lists itself and one that is private;
"blob" one whose blobs can be read by name and which does not list itself. The
account and its key are Azurite's own, which its documentation prints.
"""

import base64
import hashlib
import hmac
import http.client
import sys
from email.utils import formatdate

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def put(port, path, query, headers, body=b""):
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06", **headers}
    lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
    # "Authorize with Shared Key", with the emulator's account twice.
    resource = [f"/{ACCOUNT}/{ACCOUNT}/{path}", *(f"{name}:{query[name]}" for name in sorted(query))]
    length = str(len(body)) if body else ""
    text = "\n".join(["PUT", "", "", length, "", "", "", "", "", "", "", "", *lines, *resource])
    mac = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256)
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(mac.digest()).decode()}"
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("PUT", f"/{ACCOUNT}/{path}" + (f"?{asked}" if asked else ""), body, headers)
    answer = connection.getresponse()
    if answer.status not in (201, 409):
        sys.exit(f"{path}: {answer.status} {answer.read()[:300]}")


def main():
    port, state = int(sys.argv[1]), sys.argv[2]
    container = {"restype": "container"}
    access = "blob" if state == "blob" else "container"
    put(port, "pub", container, {"x-ms-blob-public-access": access})
    put(port, "other", container, {})
    put(port, "pub/a", {}, {"x-ms-blob-type": "BlockBlob"}, b"hi")


if __name__ == "__main__":
    main()
