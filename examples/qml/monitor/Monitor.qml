// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtQml.Models
import InterprocessQt

// What is behind the window: listens in the place of a service, and hands everything on to it.
QtObject {
    id: monitor

    property string service // where it really is
    property string address // where its clients are to go instead
    property bool active: true
    readonly property int maximumEntries: 2000
    readonly property int maximumPerUpdate: 50

    readonly property alias connections: taps.connections
    readonly property alias listening: taps.listening
    readonly property alias problem: taps.errorString
    property int tick
    property double totalMessages
    property double totalBytes
    // Of each of the last seconds, the oldest first.
    property var messageRates: []
    property var byteRates: []
    readonly property ListModel log: ListModel {}

    // What is shown follows ten times a second: traffic does not wait for a view.
    property var waiting: []

    function note(kind: string, text: string) {
        waiting.push({time: Qt.formatTime(new Date(), "HH:mm:ss.zzz"), kind, text});
    }

    function showNotes() {
        const entries = waiting.slice(-maximumPerUpdate).reverse();
        const skipped = waiting.length - entries.length;
        if (skipped > 0)
            entries.push({time: entries[entries.length - 1].time, kind: "…", text: skipped + " more"});
        waiting = [];
        if (entries.length > 0)
            log.insert(0, entries);
        if (log.count > maximumEntries)
            log.remove(maximumEntries, log.count - maximumEntries);
    }

    readonly property Timer updates: Timer {
        interval: 100
        repeat: true
        running: true
        onTriggered: monitor.showNotes()
    }

    readonly property LocalServer taps: LocalServer {
        id: taps

        property int visitors

        address: monitor.address
        active: monitor.active
        delegate: Component {
            Tap {}
        }
        onConnectionAccepted: connection => {
            const tap = connection as Tap;
            tap.number = ++visitors;
            tap.service = monitor.service;
            tap.traffic.connect((outgoing, messages, bytes, note) => {
                monitor.totalMessages += messages;
                monitor.totalBytes += bytes;
                monitor.note(outgoing ? "→" : "←", "#" + tap.number + "  " + note);
            });
            monitor.note("+", "#" + tap.number + "  process " + tap.pid + " of user " + tap.uid + " has connected");
        }
        onConnectionClosed: connection => {
            const tap = connection as Tap;
            monitor.note("−", "#" + tap.number + "  process " + tap.pid + " has gone after " + tap.counts.sent + " bytes");
        }
        onErrorOccurred: monitor.note("!", errorString)
        onListeningChanged: monitor.note(listening ? "✓" : "✗", listening ? "listening at " + address : "no longer listening")
    }

    readonly property Timer clock: Timer {
        property double messagesBefore
        property double bytesBefore

        interval: 250
        repeat: true
        running: true
        onTriggered: {
            monitor.messageRates = [...monitor.messageRates.slice(-239), (monitor.totalMessages - messagesBefore) * 4];
            monitor.byteRates = [...monitor.byteRates.slice(-239), (monitor.totalBytes - bytesBefore) * 4];
            messagesBefore = monitor.totalMessages;
            ++monitor.tick;
            bytesBefore = monitor.totalBytes;
        }
    }
}
