// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// A client, as the host sees it.
LocalSocket {
    property string name
    property int pid

    // Who does not read what the others say has to leave: it would be kept for it without end.
    writeBufferLimit: 1000000
    onMessageError: abort()

    // Kept, for when it is gone nobody knows any more.
    Component.onCompleted: pid = peerCredentials.processId ?? 0
}
