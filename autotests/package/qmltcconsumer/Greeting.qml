// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

QtObject {
    id: greeting

    property string received

    readonly property LocalServer server: LocalServer {
        address: "greeting"
        active: true
        parser: TextParser {}
        onMessage: (connection, message) => greeting.received = message
    }
    readonly property LocalSocket socket: LocalSocket {
        address: "greeting"
        active: true
        parser: TextParser {}
        onConnected: send("hello")
    }
}
