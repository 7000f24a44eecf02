// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

//! [client]
import QtQml
import InterprocessQt

QtObject {
    id: player

    property string title

    readonly property LocalSocket socket: LocalSocket {
        address: Address.runtime("player").string // a place of this user alone
        active: true
        reconnect: true
        parser: JsonParser {}

        onConnected: send({command: "status"})
        onMessage: message => player.title = message.title
        onErrorOccurred: console.warn(errorString)
    }
}
//! [client]
