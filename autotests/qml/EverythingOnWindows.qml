// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// As Everything.qml: what the module has on Windows alone.
QtObject {
    id: everything

    property string last

    readonly property TextParser text: TextParser {}

    readonly property NamedPipe pipe: NamedPipe {
        address: "\\\\.\\pipe\\everything"
        active: true
        direction: NamedPipeServer.Direction.Duplex
        receiveMode: NamedPipe.Mode.Messages
        sendMode: NamedPipe.Mode.Bytes
        maximumMessageSize: 4096
        impersonationLevel: NamedPipe.Anonymous
        serverPolicy: NamedPipe.ServerPolicy.SameUser
        reconnect: true
        minimumReconnectDelay: 10
        maximumReconnectDelay: 1000
        readBufferSize: 65536
        writeBufferLimit: 65536
        parser: everything.text
        paused: everything.server.connections.count > 100

        onMessage: message => everything.last = message
        onMessageRejected: (reason, data) => everything.last = reason + data.byteLength
        onMessageError: reason => everything.last = reason
        onErrorOccurred: error => {
            if (error === StreamDevice.SocketAccessError)
                everything.last = errorString;
        }
        onReconnectScheduled: (attempt, delay) => console.log(attempt, delay)
        onStateChanged: {
            if (state === LocalSocket.ConnectedState)
                everything.last = peerCredentials.securityId;
        }
        onConnected: send("hello")
        onFlushedToPeer: done => everything.last = done ? "read" : "not read"
        onDirectionChanged: flushToPeer()
        onFinished: console.log(readAll().byteLength + read(10).byteLength + write("text"))
    }

    readonly property NamedPipeServer server: NamedPipeServer {
        id: server

        address: "@everything"
        active: true
        retry: true
        retryDelay: 500
        direction: NamedPipeServer.Direction.Inbound
        receiveMode: NamedPipe.Mode.Messages
        sendMode: NamedPipe.Mode.Bytes
        maximumMessageSize: 4096
        readBufferSize: 65536
        writeBufferLimit: 65536
        parser: everything.text
        delegate: Component {
            NamedPipe {
                onDisconnected: console.log(errorString)
            }
        }

        onConnectionAccepted: connection => connection.send("welcome")
        onConnectionClosed: connection => everything.last = connection.errorString
        onMessage: (connection, message) => connection.send(message)
        onPeerRejected: credentials => everything.last = credentials.processId
        onErrorOccurred: error => {
            if (error === LocalServer.AddressInUseError)
                everything.last = server.errorString;
        }
        onListeningChanged: console.log(broadcast("hello"))
        onActiveChanged: closeConnections()
    }
}
