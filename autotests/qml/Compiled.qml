// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// Made a class of C++ by qmltc.
QtObject {
    id: compiled

    property string name
    property bool active
    property string answer
    property string signalName
    property int rejected

    readonly property LocalServer server: LocalServer {
        address: compiled.name
        active: compiled.active
        parser: TextParser {}
        onMessage: (connection, message) => connection.send("echo " + message)
        onPeerRejected: credentials => compiled.rejected = credentials.processId
    }
    readonly property LocalSocket socket: LocalSocket {
        address: compiled.name
        active: compiled.server.listening
        reconnect: true
        minimumReconnectDelay: 10
        readBufferSize: 65536
        parser: TextParser {
            encoding: "UTF-8"
        }
        onConnected: send("hello")
        onMessage: message => compiled.answer = message
    }
    readonly property MessageServer messageServer: MessageServer {
        onPeerRejected: credentials => compiled.rejected = credentials.processId
    }
    readonly property SignalWatcher watcher: SignalWatcher {
        names: ["SIGTERM"]
        onReceived: info => compiled.signalName = info.name
    }
    readonly property MessageSocket other: MessageSocket {
        address: compiled.name
        parser: JsonParser {
            framing: MessageParser.LengthPrefix
        }
    }
}
