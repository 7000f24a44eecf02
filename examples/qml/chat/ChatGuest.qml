// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import InterprocessQt

// A client, as the host sees it.
LocalSocket {
    property string name
    property int pid

    // Kept, for when it is gone nobody knows any more.
    onReadyRead: pid = peerCredentials.processId
}
