// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

//! [delegate]
import QtQml
import InterprocessQt

QtObject {
    readonly property LocalServer server: LocalServer {
        address: "@counter"
        active: true
        delegate: Component {
            LocalSocket {
                id: visitor

                property int lines

                parser: TextParser {}
                Component.onCompleted: visitor.send("welcome, process " + visitor.peerCredentials.processId)
                onMessage: visitor.send("line " + ++visitor.lines)
            }
        }
    }
}
//! [delegate]
