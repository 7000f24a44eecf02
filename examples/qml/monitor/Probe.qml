// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// A client of the service like any other, for what is typed in the window. It goes by way of the monitor, too.
QtObject {
    id: probe

    property string address
    property bool demo // the service speaks the protocol of the demo
    property double asked
    readonly property bool connected: socket.state === LocalSocket.ConnectedState

    signal answered(text: string)

    function frame(kind: int, content: var): var {
        const bytes = new Uint8Array(5 + content.length);
        new DataView(bytes.buffer).setUint32(0, content.length);
        bytes[4] = kind;
        bytes.set(content, 5);
        return bytes;
    }

    function ask(number: double): bool {
        const content = new Uint8Array(8);
        const view = new DataView(content.buffer);
        view.setUint32(0, Math.floor(number / 4294967296));
        view.setUint32(4, number % 4294967296);
        asked = number;
        return socket.send(frame(8, content));
    }

    // What is wrong with the text, or nothing.
    function submit(text: string, format: string): string {
        if (!connected)
            return "The service is not there.";
        if (format === "Question") {
            const number = Number(text);
            if (!/^[0-9]+$/.test(text.trim()) || number > 94906265)
                return "A question is a number from 0 to 94906265.";
            return ask(number) ? "" : "It could not be sent.";
        }
        if (format === "Hex") {
            const digits = text.replace(/[\s:,]/g, "");
            if (digits === "" || digits.length % 2 || /[^0-9a-fA-F]/.test(digits))
                return "Bytes are pairs of hexadecimal digits.";
            return socket.send(new Uint8Array(digits.match(/../g).map(pair => parseInt(pair, 16)))) ? "" : "It could not be sent.";
        }
        return socket.send(text + "\n") ? "" : "It could not be sent.";
    }

    function leave() {
        if (connected && demo)
            socket.send(frame(10, []));
        socket.active = false;
    }

    readonly property LocalSocket socket: LocalSocket {
        id: socket

        address: probe.address
        active: probe.address !== ""
        reconnect: true
        maximumReconnectDelay: 500
        parser: BinaryParser {
            framing: BinaryParser.Chunks
        }

        onConnected: if (probe.demo) {
            const greeting = "InterprocessQt tour, version 1";
            send(probe.frame(1, Array.from(greeting).map(letter => letter.charCodeAt(0))));
        }
        onMessage: buffer => {
            const view = new DataView(buffer);
            if (probe.demo && buffer.byteLength === 13 && view.getUint8(4) === 9)
                probe.answered(probe.asked + "² = " + (view.getUint32(5) * 4294967296 + view.getUint32(9)));
            else
                probe.answered(buffer.byteLength + " bytes");
        }
    }
}
