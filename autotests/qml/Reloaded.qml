// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// What is loaded again and again while all of it is at work. A test puts a number in the place of the 0.
QtObject {
    id: root

    required property string name
    readonly property int version: 0
    property string answer
    property string messageAnswer
    property bool accepted
    property double written
    property int attempts
    readonly property bool busy: accepted && written > 0 && attempts > 0

    readonly property LocalServer server: LocalServer {
        address: root.name
        active: true
        retry: true
        retryDelay: 1
        parser: TextParser {}
        delegate: Component {
            LocalSocket {}
        }
        onMessage: (connection, message) => connection.send(root.version + " " + message)
    }
    readonly property LocalSocket socket: LocalSocket {
        address: root.name
        active: true
        reconnect: true
        minimumReconnectDelay: 1
        maximumReconnectDelay: 5
        parser: TextParser {}
        onConnected: send("hello")
        onMessage: message => root.answer = message
    }

    readonly property MessageServer messageServer: MessageServer {
        address: root.name + "-messages"
        active: true
        retry: true
        retryDelay: 1
        parser: JsonParser {}
        onMessage: (connection, message) => connection.send(root.version + " " + message)
    }
    readonly property MessageSocket messageSocket: MessageSocket {
        address: root.name + "-messages"
        active: true
        reconnect: true
        minimumReconnectDelay: 1
        maximumReconnectDelay: 5
        parser: JsonParser {}
        onConnected: send("hello")
        onMessage: message => root.messageAnswer = message
    }

    // Nobody reads what this one sends: it has bytes that cannot be written.
    readonly property LocalServer deaf: LocalServer {
        address: root.name + "-deaf"
        active: true
        retry: true
        retryDelay: 1
        delegate: Component {
            LocalSocket {
                readBufferSize: 1000
                paused: true
                parser: TextParser {}
            }
        }
        onConnectionAccepted: root.accepted = true
    }
    readonly property LocalSocket congested: LocalSocket {
        address: root.name + "-deaf"
        active: true
        reconnect: true
        minimumReconnectDelay: 1
        maximumReconnectDelay: 5
        onConnected: root.written = write("line\n".repeat(400000))
    }

    // Between two attempts to connect.
    readonly property LocalSocket missing: LocalSocket {
        address: root.name + "-missing"
        active: true
        reconnect: true
        minimumReconnectDelay: 1
        maximumReconnectDelay: 1
        onReconnectScheduled: ++root.attempts
    }
}
