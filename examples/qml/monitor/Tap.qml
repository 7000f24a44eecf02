// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// One client and its connection to the service, between which everything passes through here.
LocalSocket {
    id: tap

    property string service
    property int number
    // Without signals: a message is not to make the table be drawn anew.
    readonly property var counts: ({sent: 0, received: 0, messagesSent: 0, messagesReceived: 0})
    property int pid
    property int uid
    property bool served // by the service, whose end brings that of the client when all it has said was handed on
    readonly property date since: new Date()

    signal traffic(outgoing: bool, messages: int, bytes: double, note: string)

    readonly property FrameCounter outgoing: FrameCounter {}
    readonly property FrameCounter incoming: FrameCounter {}

    readonly property LocalSocket upstream: LocalSocket {
        address: tap.service
        active: tap.service !== ""
        readBufferSize: tap.readBufferSize
        // Whoever is too fast waits, as without us.
        paused: tap.congested
        parser: BinaryParser {
            framing: BinaryParser.Chunks
        }

        onMessage: bytes => {
            tap.send(bytes);
            const messages = tap.incoming.count(bytes);
            tap.counts.received += bytes.byteLength;
            tap.counts.messagesReceived += messages;
            tap.traffic(false, messages, bytes.byteLength, tap.incoming.last);
        }
        onConnected: tap.served = true
        onErrorOccurred: {
            tap.traffic(false, 0, 0, errorString);
            if (!tap.served)
                tap.disconnectFromServer();
        }
        // Not when it has disconnected: the last of it waits while the client is slow.
        onFinished: tap.disconnectFromServer()
    }

    readBufferSize: 262144
    paused: upstream.congested || upstream.state === LocalSocket.ConnectingState
    parser: BinaryParser {
        framing: BinaryParser.Chunks
    }

    onMessage: bytes => {
        upstream.send(bytes);
        const messages = outgoing.count(bytes);
        counts.sent += bytes.byteLength;
        counts.messagesSent += messages;
        traffic(true, messages, bytes.byteLength, outgoing.last);
    }
    // Not when it has disconnected: what it sent last may wait until the service is there.
    onFinished: upstream.disconnectFromServer()
    Component.onCompleted: {
        pid = peerCredentials.processId ?? 0;
        uid = peerCredentials.userId ?? 0;
    }
}
