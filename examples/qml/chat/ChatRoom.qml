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

    // What we have said and nobody has heard yet: the host may leave with it. The next one is told again, and who has heard it
    // knows by its id.
    property var unheard: []
    property bool wasHere // with another host before
    property int spoken
    readonly property string ownId: Math.random().toString(36).slice(2)
    readonly property var heard: new Set()

    readonly property int maximumText: 4000
    readonly property int maximumLog: 2000

    signal said()

    function say(text: string) {
        const saying = {kind: "say", id: ownId + " " + ++spoken, text};
        unheard.push(saying);
        if (connected)
            client.send(saying);
    }

    function hear(message: var) {
        const id = textOf(message.id);
        unheard = unheard.filter(saying => saying.id !== id);
        const key = pidOf(message) + " " + id;
        if (id !== "" && heard.has(key))
            return;
        heard.add(key);
        if (heard.size > maximumLog)
            heard.delete(heard.values().next().value);
        note("said", nameOf(message.name), pidOf(message), textOf(message.text));
    }

    function note(kind: string, name: string, pid: int, text: string) {
        log.append({kind, name, pid, text, time: new Date().toLocaleTimeString(Qt.locale(), "HH:mm")});
        if (log.count > maximumLog)
            log.remove(0, log.count - maximumLog);
        said();
    }

    // Whatever somebody sends: text of a size that can be shown, a name of one line, a number.
    function textOf(value: var): string {
        return typeof value === "string" ? value.slice(0, maximumText) : "";
    }

    function nameOf(value: var): string {
        return textOf(value).replace(/\s+/g, " ").trim().slice(0, 40);
    }

    function pidOf(value: var): int {
        return typeof value?.pid === "number" ? value.pid : 0;
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
            send({kind: "name", name: room.userName, wasHere: room.wasHere});
            for (const saying of room.unheard)
                send(Object.assign({again: true}, saying));
            room.wasHere = true;
        }
        onMessage: message => {
            const kind = message?.kind;
            if (kind === "members" && Array.isArray(message.members))
                room.members = message.members.map(member => ({name: room.nameOf(member?.name), pid: room.pidOf(member)}));
            else if (kind === "said")
                room.hear(message);
            else if (["joined", "left", "renamed"].includes(kind))
                room.note(kind, room.nameOf(message.name), room.pidOf(message), room.nameOf(message.text));
        }
        onErrorOccurred: host.takeOver()
        onDisconnected: {
            room.members = [];
            host.takeOver();
        }
    }

    readonly property LocalServer host: LocalServer {
        id: host

        // What was said again to this host, since the last one had left with it: for those who find their way here later.
        property var again: []

        function takeOver() {
            if (listening || !room.open)
                return;
            active = false;
            again = [];
            active = true;
        }

        function tellMembers() {
            const list = [];
            for (let i = 0; i < connections.count; ++i) {
                const guest = connections.get(i) as ChatGuest;
                if (guest.name !== "")
                    list.push({name: guest.name, pid: guest.pid});
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
            const pid = guest.pid;
            const before = guest.name;
            if (message?.kind === "name") {
                const name = room.nameOf(message.name);
                if (name === "" || name === before)
                    return;
                guest.name = name;
                if (before === "" && message.wasHere === true)
                    again.forEach(said => guest.send(said));
                broadcast(before === "" ? {kind: "joined", name, pid} : {kind: "renamed", name: before, pid, text: name});
                tellMembers();
            } else if (message?.kind === "say" && before !== "") {
                const text = room.textOf(message.text);
                if (text === "")
                    return;
                const said = {kind: "said", id: room.textOf(message.id), name: before, pid, text};
                if (message.again === true)
                    again = again.concat(said).slice(-100);
                broadcast(said);
            }
        }
        onConnectionClosed: connection => {
            const guest = connection as ChatGuest;
            if (guest.name === "")
                return; // it was never here
            broadcast({kind: "left", name: guest.name, pid: guest.pid});
            tellMembers();
        }
    }

    onOpenChanged: if (!open) {
        host.active = false;
        host.closeConnections();
    }
}
