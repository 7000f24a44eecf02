// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

QtObject {
    id: player

    property string title

    //! [client]
    readonly property LocalSocket socket: LocalSocket {
        address: "@player"
        active: true
        reconnect: true
        parser: JsonParser {}

        onConnected: send({command: "status"})
        onMessage: message => player.title = message.title
        onErrorOccurred: console.warn(errorString)
    }
    //! [client]
}
