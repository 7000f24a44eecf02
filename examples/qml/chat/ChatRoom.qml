// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// What is behind the window. Everybody is a client; one of them, the host, runs the server that they all talk to. When it
// leaves, whoever is quickest becomes the host: two never do, for a name is taken once.
QtObject {
    id: room

    property string address: "@interprocessqt-chat"
    property string userName
    property bool open: true
    // [{name, pid}], and what has been said.
    property var members: []
    readonly property ListModel log: ListModel {}
    readonly property bool hosting: host.listening
    readonly property bool connected: client.state === LocalSocket.ConnectedState
    readonly property int hostPid: connected ? client.peerCredentials.processId : 0
    readonly property int ownPid: PeerCredentials.ofThisProcess().processId

    signal said()

    function say(text: string) {
        client.send({kind: "say", text});
    }

    function note(kind: string, name: string, pid: int, text: string) {
        log.append({kind, name, pid, text, time: new Date().toLocaleTimeString(Qt.locale(), "HH:mm")});
        said();
    }

    onUserNameChanged: if (connected) {
        client.send({kind: "name", name: userName});
    }

    readonly property LocalSocket client: LocalSocket {
        id: client

        address: room.address
        active: room.open
        reconnect: true
        minimumReconnectDelay: 20
        maximumReconnectDelay: 500
        parser: JsonParser {}

        onConnected: {
            // The kernel vouches for the process at the other end, whatever that says of itself.
            room.note("state", "", 0, room.hosting ? "You are the host of this room." : "Connected to the host, process %1.".arg(peerCredentials.processId));
            send({kind: "name", name: room.userName});
        }
        onMessage: message => {
            if (message.kind === "members")
                room.members = message.members;
            else
                room.note(message.kind, message.name, message.pid, message.text ?? "");
        }
        onErrorOccurred: host.takeOver()
        onDisconnected: {
            room.members = [];
            host.takeOver();
        }
    }

    readonly property LocalServer host: LocalServer {
        id: host

        function takeOver() {
            if (listening || !room.open)
                return;
            active = false;
            active = true;
        }

        function tellMembers() {
            const list = [];
            for (let i = 0; i < connections.count; ++i) {
                const guest = connections.get(i) as ChatGuest;
                if (guest.name !== "")
                    list.push({name: guest.name, pid: guest.peerCredentials.processId});
            }
            broadcast({kind: "members", members: list});
        }

        address: room.address
        parser: JsonParser {}
        delegate: Component {
            ChatGuest {}
        }
        onMessage: (connection, message) => {
            const guest = connection as ChatGuest;
            const pid = guest.peerCredentials.processId;
            if (message.kind === "name") {
                const before = guest.name;
                guest.name = String(message.name).slice(0, 40);
                broadcast(before === "" ? {kind: "joined", name: guest.name, pid} : {kind: "renamed", name: before, pid, text: guest.name});
                tellMembers();
            } else if (message.kind === "say") {
                broadcast({kind: "said", name: guest.name, pid, text: String(message.text)});
            }
        }
        onConnectionClosed: connection => {
            const guest = connection as ChatGuest;
            broadcast({kind: "left", name: guest.name, pid: guest.pid});
            tellMembers();
        }
    }

    onOpenChanged: if (!open) {
        host.active = false;
        host.closeConnections();
    }
}
