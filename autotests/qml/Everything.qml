// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// Uses what the module has, for qmllint to look at: it must not find anything. Nothing of it runs.
QtObject {
    id: everything

    property string last
    property double bytes
    property address where: Address.fromString("@everything")
    property peerCredentials peer: PeerCredentials.ofThisProcess()
    property MessageParser anyParser: text

    readonly property TextParser text: TextParser {
        encoding: "ISO-8859-1"
        lineEnding: TextParser.CarriageReturnLineFeed
        maximumMessageSize: 1000
    }
    readonly property JsonParser json: JsonParser {
        framing: MessageParser.LengthPrefix
        byteOrder: JsonParser.NativeEndian
    }
    readonly property BinaryParser binary: BinaryParser {
        framing: BinaryParser.Chunks
    }

    readonly property LocalSocket socket: LocalSocket {
        address: everything.where.string
        active: everything.where.valid && everything.where.kind !== Address.Kind.Invalid
        reconnect: true
        connectTimeout: 1000
        minimumReconnectDelay: 10
        maximumReconnectDelay: 1000
        readBufferSize: 65536
        writeBufferLimit: 65536
        halfOpenAllowed: true
        socketOptions: LocalSocket.NoOptions
        parser: everything.json
        paused: everything.server.connections.count > 100

        onConnected: send({hello: everything.peer.processId})
        onMessage: message => everything.last = message.text
        onMessageRejected: (reason, data) => everything.bytes += data.byteLength
        onMessageError: reason => everything.last = reason
        onErrorOccurred: error => {
            if (error === StreamDevice.PeerClosedError)
                everything.last = errorString;
        }
        onReconnectScheduled: (attempt, delay) => console.log(attempt, delay)
        onStateChanged: {
            if (state === LocalSocket.ConnectedState)
                everything.last = peerCredentials.processId;
        }
        onCongestedChanged: everything.last = congested ? "slower" : "go on"
        onDisconnected: flush()
        onFinished: closeWriteChannel()
        onReadyRead: everything.bytes += readAll().byteLength
        onBytesWritten: bytes => everything.bytes += bytes
    }

    readonly property LocalServer server: LocalServer {
        id: localServer

        address: "@everything"
        active: everything.socket.active
        retry: true
        retryDelay: 500
        namePolicy: LocalServer.NamePolicy.Exclusive
        peerPolicy: LocalServer.PeerPolicy.SameUser
        socketOptions: LocalServer.UserAccessOption | LocalServer.GroupAccessOption
        readBufferSize: 65536
        parser: everything.text
        delegate: Component {
            LocalSocket {
                id: visitor

                property int count

                onMessage: message => visitor.send(message)
            }
        }

        onMessage: (connection, message) => connection.send(message)
        onConnectionAccepted: connection => connection.send("welcome")
        onConnectionClosed: everything.last = localServer.connections.count + " left"
        onPeerRejected: credentials => everything.last = credentials.userId
        onErrorOccurred: everything.last = errorString
        onListeningChanged: broadcast(serverAddress.nativeName)
    }

    readonly property Instantiator view: Instantiator {
        model: everything.server.connections
        delegate: QtObject {
            required property LocalSocket connection
            readonly property var pid: connection.peerCredentials.processId
        }
    }

    readonly property MessageSocket messages: MessageSocket {
        address: "@messages"
        active: true
        maximumMessageSize: 1000
        parser: everything.json
        onMessage: message => send(message)
        onErrorOccurred: everything.last = errorString
    }
    readonly property MessageServer messageServer: MessageServer {
        address: "@messages"
        active: true
        maximumMessageSize: 1000
        onMessage: (connection, message) => connection.send(message)
    }

    readonly property PipeReader input: PipeReader {
        active: true
        parser: everything.text
        onMessage: line => everything.output.send(line)
        onFinished: Qt.quit()
    }
    readonly property PipeWriter output: PipeWriter {
        active: true
        descriptor: 2
        parser: everything.text
        onClosed: everything.last = terminal ? "terminal" : "file"
    }
    readonly property FifoReader fifoReader: FifoReader {
        path: "/tmp/fifo"
        active: true
        writerPolicy: FifoReader.WriterPolicy.WaitForNextWriter
        parser: everything.text
        onWriterConnected: everything.last = "a writer"
        onMessage: line => everything.last = line
    }
    readonly property FifoWriter fifoWriter: FifoWriter {
        path: "/tmp/fifo"
        active: true
        readerTimeout: 1000
        readerPolicy: FifoWriter.ReaderPolicy.WaitForNextReader
        onReaderConnected: write("line\n")
    }

    readonly property UnixDatagramSocket datagrams: UnixDatagramSocket {
        address: "@datagrams"
        peerAddress: "@collector"
        active: true
        credentialsEnabled: true
        sendQueueLimit: 100
        onMessage: (message, sender, credentials) => sendTo(message, sender)
        onDatagramsDropped: (destination, count) => everything.last = destination.string + count
        onErrorOccurred: everything.last = errorString
    }

    readonly property SignalWatcher watcher: SignalWatcher {
        names: ["SIGTERM", "SIGHUP"]
        options: SignalWatcher.InterruptCalls
        onReceived: info => everything.last = info.name + info.processId
        onErrorOccurred: everything.last = errorString
    }

    Component.onCompleted: {
        if (Interprocess.isSupported(Interprocess.AbstractNames))
            where = Address.runtime("everything");
    }
}
