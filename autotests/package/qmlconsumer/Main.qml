// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

QtObject {
    id: main

    readonly property string name: Address.runtime("qmlconsumer-" + PeerCredentials.ofThisProcess().processId).string

    readonly property LocalServer server: LocalServer {
        address: main.name
        active: true
        parser: JsonParser {}
        onMessage: (connection, message) => connection.send({answer: message.question * 2})
    }
    readonly property LocalSocket client: LocalSocket {
        address: main.name
        active: main.server.listening
        parser: JsonParser {}
        onConnected: send({question: 21})
        onMessage: message => {
            console.log("the answer is", message.answer);
            Qt.exit(message.answer === 42 ? 0 : 2);
        }
    }
    readonly property Timer patience: Timer {
        interval: 20000
        running: true
        onTriggered: Qt.exit(3)
    }
}
