// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

//! [server]
import QtQml
import InterprocessQt

QtObject {
    id: service

    readonly property LocalServer server: LocalServer {
        address: Address.runtime("player").string // a place of this user alone
        active: true
        parser: JsonParser {}

        onMessage: (connection, message) => {
            if (message.command === "status")
                connection.send({title: "Blue Train"});
        }
        onErrorOccurred: console.warn(errorString)
    }

    //! [view]
    readonly property Instantiator view: Instantiator { // or a ListView, or a Repeater
        model: service.server.connections
        delegate: QtObject {
            required property LocalSocket connection
            readonly property string text: "process " + connection.peerCredentials.processId
        }
    }
    //! [view]
}
//! [server]
