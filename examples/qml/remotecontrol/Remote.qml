// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtQml.Models
import InterprocessQt

// The three ways by which a shell reaches the player.
QtObject {
    id: remote

    property Player player
    property string fifo
    property string address
    readonly property ListModel log: ListModel {}
    readonly property bool listening: server.listening

    function note(from: string, text: string, answer: string) {
        log.insert(0, {from, text, answer, time: Qt.formatTime(new Date(), "HH:mm:ss")});
        if (log.count > 200)
            log.remove(200);
    }

    function obey(line: string, from: string): string {
        const answer = player.obey(line);
        note(from, line, answer);
        return answer;
    }

    // echo next >fifo
    readonly property FifoReader reader: FifoReader {
        path: remote.fifo
        active: remote.fifo !== ""
        writerPolicy: FifoReader.WriterPolicy.WaitForNextWriter
        parser: TextParser {
            maximumMessageSize: 1000
        }
        onMessage: line => remote.obey(line, "FIFO")
        onErrorOccurred: remote.note("FIFO", "", "error: " + errorString)
    }

    // echo status | socat - ABSTRACT-CONNECT:name; with an answer
    readonly property LocalServer server: LocalServer {
        id: server

        address: remote.address
        active: remote.address !== ""
        parser: TextParser {
            maximumMessageSize: 1000
        }
        readBufferSize: 16384
        delegate: Component {
            LocalSocket {
                // Who does not read the answers is not obeyed until then: they would pile up.
                paused: congested
            }
        }
        halfOpenAllowed: true // who has said everything waits for the answer
        onMessage: (connection, line) => {
            connection.send(remote.obey(line, "process " + connection.peerCredentials.processId));
        }
        onConnectionAccepted: connection => connection.finished.connect(connection.disconnectFromServer)
        onErrorOccurred: remote.note("socket", "", "error: " + errorString)
    }

    // kill -USR1
    readonly property SignalWatcher watcher: SignalWatcher {
        readonly property var commands: ({SIGUSR1: "toggle", SIGUSR2: "next", SIGTERM: "quit", SIGINT: "quit"})

        names: Object.keys(commands)
        onReceived: info => remote.obey(commands[info.name], info.name + (info.processId ? " of " + info.processId : ""))
        onErrorOccurred: remote.note("signal", "", "error: " + errorString)
    }
}
