# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

"""Asks the language server of QML, as an editor does, about a file that uses the module: it knows the types, finds the one
mistake, and offers the types where one can be written.

qmlls.py <qmlls> <folder of modules>
"""

import json
import os
import subprocess
import sys
import tempfile
import threading

SOURCE = """import QtQml
import InterprocessQt

QtObject {
    property LocalSocket socket: LocalSocket {
        address: "@name"
        active: true
        parser: JsonParser {}
        onMessage: message => console.log(message)
        mistake: 1
    }
    property LocalServer server: LocalServer {
        delegate: Component { LocalSocket { paused: true } }
    }

}
"""
TYPES = ["LocalSocket", "LocalServer", "MessageSocket", "MessageServer", "PipeReader", "PipeWriter", "TextParser",
         "JsonParser", "BinaryParser"]


class Server:
    def __init__(self, program, folder):
        environment = dict(os.environ, QT_QPA_PLATFORM="offscreen")
        self.process = subprocess.Popen([program, "--ignore-settings", "--build-dir", folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        # What does not answer is ended, and the read below comes to its end.
        self.timer = threading.Timer(60, self.process.kill)
        self.timer.start()

    def close(self):
        self.timer.cancel()
        self.process.kill()
        self.process.wait()

    def send(self, method, parameters, number=None):
        message = {"jsonrpc": "2.0", "method": method, "params": parameters}
        if number is not None:
            message["id"] = number
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self, wanted):
        """The next message that is wanted; the others do not matter here."""
        while True:
            length = 0
            while (line := self.process.stdout.readline().strip()):
                name, value = line.split(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length == 0:
                sys.exit("qmlls has ended, or did not answer within a minute.")
            message = json.loads(self.process.stdout.read(length))
            if wanted(message):
                return message


def main():
    program, folder = sys.argv[1:]
    if not os.path.exists(program):
        print("SKIPPED: there is no qmlls here (Debian: qt6-declarative-dev-tools)")
        return 0
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "Edited.qml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SOURCE)
        uri = "file://" + path
        server = Server(program, folder)
        try:
            server.send("initialize", {"processId": os.getpid(), "rootUri": "file://" + directory, "capabilities": {}}, 1)
            server.receive(lambda message: message.get("id") == 1)
            server.send("initialized", {})
            server.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "qml", "version": 1, "text": SOURCE}})
            # It knows the module only if it knows that one property is not there, and that the others are.
            published = server.receive(lambda message: message.get("method") == "textDocument/publishDiagnostics"
                                       and message["params"]["uri"] == uri)
            found = [item["message"] for item in published["params"]["diagnostics"]]
            if len(found) != 1 or "mistake" not in found[0]:
                sys.exit("It should find the mistake and nothing else, but found: %s" % found)
            line = SOURCE.split("\n").index("")
            line = SOURCE.split("\n").index("", line + 1)
            server.send("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": line, "character": 0}}, 2)
            result = server.receive(lambda message: message.get("id") == 2)["result"]
            items = result if isinstance(result, list) else result["items"]
            missing = set(TYPES) - {item["label"] for item in items}
            if missing:
                sys.exit("It does not offer: %s" % ", ".join(sorted(missing)))
        finally:
            server.close()
    print("qmlls knows the module.")
    return 0


sys.exit(main())
