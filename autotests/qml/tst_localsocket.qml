// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    property int destroyed
    property var log: []

    name: "LocalSocket"

    Component {
        id: lineSocket

        LocalSocket {
            property list<string> lines
            property list<string> problems
            property int ends

            parser: TextParser {}
            onMessage: message => lines.push(message)
            onErrorOccurred: problems.push(errorString)
            onMessageError: reason => problems.push(reason)
            onDisconnected: ++ends
        }
    }
    Component {
        id: qtServer

        QtServer {}
    }
    Component {
        id: signalSpy

        SignalSpy {}
    }

    function make(component: Component, properties: var): var {
        const object = createTemporaryObject(component, testCase, properties ?? {});
        verify(object);
        return object;
    }

    function listening(name: string, properties: var): var {
        const server = make(qtServer, properties);
        verify(server.listen(name));
        return server;
    }

    function test_connectsWhenActiveIsDeclared() {
        const name = Surroundings.path();
        const server = listening(name);
        const socket = make(lineSocket, {address: name, active: true});
        tryCompare(socket, "state", LocalSocket.ConnectedState);
        tryVerify(() => server.connected);
    }

    function test_doesNotConnectBeforeItIsActive() {
        const name = Surroundings.path();
        const server = listening(name);
        const socket = make(lineSocket, {address: name});
        wait(50);
        compare(socket.state, LocalSocket.UnconnectedState);
        socket.active = true;
        tryVerify(() => server.connected);
        socket.active = false;
        tryVerify(() => !server.connected);
        compare(socket.ends, 1);
    }

    function test_aMessageIsALine() {
        const name = Surroundings.abstractName();
        const server = listening(name, {echo: true});
        const socket = make(lineSocket, {address: name, active: true});
        verify(socket.send("first"));
        verify(socket.send("zweite, größer"));
        verify(socket.send(3));
        tryCompare(socket, "lines", ["first", "zweite, größer", "3"]);
    }

    function test_halfAMessageIsNone() {
        const name = Surroundings.abstractName();
        const server = listening(name);
        const socket = make(lineSocket, {address: name, active: true});
        tryVerify(() => server.connected);
        server.send("whole\r\nha");
        tryCompare(socket, "lines", ["whole"]);
        wait(50);
        compare(socket.lines.length, 1);
        server.send("lf\n");
        tryCompare(socket, "lines", ["whole", "half"]);
    }

    function test_aChangeOfTheAddressConnectsAnew() {
        const names = [Surroundings.abstractName(), Surroundings.path()];
        const servers = names.map(name => listening(name));
        const socket = make(lineSocket, {address: names[0], active: true});
        tryVerify(() => servers[0].connected);
        socket.send("to the first");
        socket.address = names[1];
        tryVerify(() => servers[1].connected);
        socket.send("to the second");
        tryCompare(servers[0], "received", "to the first\n");
        tryCompare(servers[1], "received", "to the second\n");
        verify(!servers[0].connected);
        compare(socket.active, true);
    }

    Component {
        id: boundSocket

        LocalSocket {
            property string wanted

            address: wanted
            active: wanted !== ""
            reconnect: true
        }
    }

    // Received before it was left: as with QLocalSocket, that is not lost, but for an abort().
    function test_whatHasArrivedIsDeliveredWhenItIsLeft_data() {
        return [
            {tag: "active", lines: ["one", "two", "three"]},
            {tag: "disconnectFromServer", lines: ["one", "two", "three"]},
            {tag: "abort", lines: ["one"]},
        ];
    }

    function test_whatHasArrivedIsDeliveredWhenItIsLeft(data: var) {
        const name = Surroundings.abstractName();
        const server = listening(name);
        const socket = make(lineSocket, {address: name, active: true});
        const atEnd = [];
        socket.disconnected.connect(() => atEnd.push(socket.lines.length));
        socket.message.connect(() => {
            if (data.tag === "active")
                socket.active = false;
            else
                socket[data.tag]();
        });
        tryVerify(() => server.connected);
        server.send("one\ntwo\nthree\n");
        tryCompare(socket, "ends", 1);
        wait(20);
        compare(socket.state, LocalSocket.UnconnectedState);
        compare(atEnd, [1]);
        compare(socket.lines, data.lines);
    }

    function test_nothingOfTheLastConnectionComesInTheNext_data() {
        return ["address", "active", "connectToServer"].map(tag => ({tag}));
    }

    function test_nothingOfTheLastConnectionComesInTheNext(data: var) {
        const names = [Surroundings.abstractName(), Surroundings.abstractName()];
        const servers = names.map(name => listening(name));
        const socket = make(lineSocket, {address: names[0], active: true});
        const log = [];
        let left = false;
        socket.connected.connect(() => log.push("connected"));
        socket.disconnected.connect(() => log.push("disconnected"));
        socket.message.connect(line => {
            log.push(line);
            if (left)
                return;
            left = true;
            if (data.tag === "address") {
                socket.address = names[1];
            } else if (data.tag === "active") {
                socket.active = false;
                socket.address = names[1];
                socket.active = true;
            } else {
                socket.disconnectFromServer();
                socket.active = false;
                socket.address = names[1];
                socket.connectToServer();
            }
        });
        tryVerify(() => servers[0].connected);
        servers[0].send("old 1\nold 2\nold 3\nhalf");
        tryVerify(() => servers[1].connected);
        servers[1].send("new 1\n");
        tryVerify(() => log.includes("new 1"));
        const begin = log.lastIndexOf("connected");
        compare(log.slice(begin), ["connected", "new 1"]);
        verify(log.indexOf("disconnected") < begin);
        compare(socket.problems, []);
    }

    function test_propertiesCanBeBound() {
        const name = Surroundings.abstractName();
        const server = listening(name);
        const socket = make(boundSocket);
        compare(socket.active, false);
        socket.wanted = name;
        tryVerify(() => server.connected);
        socket.wanted = "";
        tryVerify(() => !server.connected);
        compare(socket.state, LocalSocket.UnconnectedState);
    }

    function test_propertiesTellOfTheirChange_data() {
        return [
            {tag: "address", signalName: "addressChanged", value: "@nobody"},
            {tag: "active", signalName: "activeChanged", value: true},
            {tag: "reconnect", signalName: "reconnectChanged", value: false},
            {tag: "connectTimeout", signalName: "connectTimeoutChanged", value: 7},
            {tag: "minimumReconnectDelay", signalName: "reconnectDelaysChanged", value: 7},
            {tag: "maximumReconnectDelay", signalName: "reconnectDelaysChanged", value: 7000},
            {tag: "readBufferSize", signalName: "readBufferSizeChanged", value: 4096},
            {tag: "writeBufferLimit", signalName: "writeBufferLimitChanged", value: 4096},
            {tag: "halfOpenAllowed", signalName: "halfOpenAllowedChanged", value: true},
        ];
    }

    function test_propertiesTellOfTheirChange(data: var) {
        const socket = make(boundSocket, {wanted: ""});
        const spy = make(signalSpy, {target: socket, signalName: data.signalName});
        verify(spy.valid);
        socket[data.tag] = data.value;
        compare(socket[data.tag], data.value);
        compare(spy.count, 1);
        socket[data.tag] = data.value;
        compare(spy.count, 1);
    }

    function test_connectsAgainWhenTheServerComesBack() {
        const name = Surroundings.path();
        const server = listening(name);
        const socket = make(lineSocket, {address: name, active: true, reconnect: true, minimumReconnectDelay: 5, maximumReconnectDelay: 20});
        const scheduled = make(signalSpy, {target: socket, signalName: "reconnectScheduled"});
        tryVerify(() => server.connected);
        server.send("before\n");
        tryCompare(socket, "lines", ["before"]);
        server.close();
        tryCompare(socket, "ends", 1);
        tryVerify(() => scheduled.count > 0);
        compare(scheduled.signalArguments[0][0], 1);
        verify(scheduled.signalArguments[0][1] <= 20);
        verify(server.listen(name));
        tryVerify(() => server.connected);
        server.send("after\n");
        tryCompare(socket, "lines", ["before", "after"]);
    }

    function test_aThousandMessagesArriveInOrder() {
        const name = Surroundings.abstractName();
        const server = listening(name, {echo: true});
        const socket = make(lineSocket, {address: name, active: true});
        tryVerify(() => server.connected);
        for (let i = 0; i < 1000; ++i)
            verify(socket.send("message " + i));
        tryVerify(() => socket.lines.length === 1000, 20000);
        for (let i = 0; i < 1000; ++i)
            compare(socket.lines[i], "message " + i);
    }

    function test_anErrorHasAText() {
        const name = Surroundings.path("nobody");
        const socket = make(lineSocket, {address: name, active: true});
        compare(socket.problems.length, 0, "told from the event loop");
        tryVerify(() => socket.problems.length === 1);
        compare(socket.error, LocalSocket.ServerNotFoundError);
        verify(socket.nativeError !== 0);
        verify(socket.problems[0].includes(name), socket.problems[0]);
    }

    function test_anAddressThatCannotBeSaysWhy() {
        const socket = make(lineSocket, {address: "/" + "x".repeat(400), active: true});
        tryVerify(() => socket.problems.length === 1);
        verify(socket.problems[0].includes("401"), socket.problems[0]);
    }

    function test_sendingWithoutAConnectionIsRefused() {
        const socket = make(lineSocket);
        compare(socket.send("nobody hears it"), false);
        tryVerify(() => socket.problems.length === 1);
    }

    function test_aMessageThatIsTooLongEndsTheConnection() {
        const name = Surroundings.abstractName();
        const server = listening(name);
        const socket = make(lineSocket, {address: name, active: true});
        socket.parser.maximumMessageSize = 100;
        tryVerify(() => server.connected);
        server.send("short\n" + "x".repeat(200));
        tryCompare(socket, "ends", 1);
        compare(socket.lines, ["short"]);
        verify(socket.problems.some(text => text.includes("100")), socket.problems);
    }

    Component {
        id: throwing

        LocalSocket {
            property int messages

            parser: TextParser {}
            onConnected: {
                throw new Error("in onConnected");
            }
            onMessage: message => {
                ++messages;
                throw new Error("in onMessage");
            }
        }
    }

    function test_exceptionsInHandlersDoNotBreakTheConnection() {
        const name = Surroundings.abstractName();
        const server = listening(name);
        ignoreWarning(/in onConnected/);
        ignoreWarning(/in onMessage/);
        ignoreWarning(/in onMessage/);
        const socket = make(throwing, {address: name, active: true});
        tryVerify(() => server.connected);
        server.send("one\ntwo\n");
        tryCompare(socket, "messages", 2);
        compare(socket.state, LocalSocket.ConnectedState);
        verify(socket.send("still there"));
        tryCompare(server, "received", "still there\n");
    }

    Component {
        id: destroying

        LocalSocket {
            property string at

            function check(where: string) {
                testCase.log.push(where);
                if (where === at)
                    destroy();
            }

            parser: TextParser {}
            onConnected: check("connected")
            onMessage: message => check("message")
            onDisconnected: check("disconnected")
            onErrorOccurred: check("errorOccurred")
            onStateChanged: check("stateChanged")
            onReadyRead: check("readyRead")
            Component.onDestruction: ++testCase.destroyed
        }
    }

    function test_anObjectMayBeDestroyedInItsHandlers_data() {
        return ["connected", "message", "disconnected", "errorOccurred", "stateChanged", "readyRead"].map(tag => ({tag}));
    }

    function test_anObjectMayBeDestroyedInItsHandlers(data: var) {
        const name = Surroundings.abstractName();
        const server = listening(name);
        log = [];
        // Not a temporary object: it is to be gone by itself.
        const socket = destroying.createObject(null, {address: name, at: data.tag});
        destroyed = 0;
        socket.active = true;
        if (data.tag !== "stateChanged" && data.tag !== "connected") {
            tryVerify(() => server.connected);
            server.send("hello\nagain\n");
            tryVerify(() => log.includes("readyRead"));
            server.drop();
        }
        tryCompare(testCase, "destroyed", 1);
        verify(log.includes(data.tag));
    }

    Component {
        id: loader

        QtObject {
            id: holder

            property string name
            property Instantiator sockets: Instantiator {
                model: 5
                delegate: LocalSocket {
                    address: holder.name
                    active: true
                    parser: JsonParser {}
                }
            }
        }
    }

    Component {
        id: manyClients

        LocalServer {
            active: true
            parser: JsonParser {}
        }
    }

    function test_aComponentMayBeUnloadedWithSocketsOpen() {
        const name = Surroundings.abstractName();
        const server = make(manyClients, {address: name});
        const before = Surroundings.descriptors();
        for (let i = 0; i < 10; ++i) {
            const object = loader.createObject(null, {name});
            tryCompare(server.connections, "count", 5);
            server.broadcast("on its way");
            object.destroy();
            wait(0);
            gc();
            tryCompare(server.connections, "count", 0);
        }
        tryVerify(() => Surroundings.descriptors() <= before);
    }

    function test_garbageIsCollectedWithSocketsOpen() {
        const name = Surroundings.abstractName();
        const server = listening(name);
        const before = Surroundings.descriptors();
        for (let i = 0; i < 20; ++i)
            lineSocket.createObject(null, {address: name, active: true});
        tryVerify(() => server.connected);
        tryVerify(() => {
            gc();
            wait(0);
            server.drop();
            return Surroundings.descriptors() <= before;
        });
    }

    Component {
        id: plain

        LocalSocket {}
    }

    function test_bytesCanBeReadAndWrittenWithoutAParser() {
        const name = Surroundings.abstractName();
        const server = listening(name);
        const socket = make(plain, {address: name, active: true});
        tryVerify(() => server.connected);
        compare(socket.write("text"), 4);
        compare(socket.write(new Uint8Array([0x21, 0x22, 0x23]).subarray(1)), 2);
        compare(socket.write(Surroundings.bytes("!")), 1);
        tryCompare(server, "received", "text\"#!");
        const ready = make(signalSpy, {target: socket, signalName: "readyRead"});
        server.send("abc");
        tryVerify(() => ready.count > 0);
        const first = socket.read(1);
        verify(first instanceof ArrayBuffer);
        compare(first.byteLength, 1);
        compare(Surroundings.latin1(socket.readAll()), "bc");
        compare(socket.readAll().byteLength, 0);
    }

    function test_whatCannotBeSentIsThrown() {
        const socket = make(lineSocket);
        try {
            socket.send({});
            fail("nothing was thrown");
        } catch (error) {
            verify(error instanceof TypeError);
            verify(error.message.includes("JsonParser"), error.message);
        }
        const other = make(plain);
        try {
            other.send("text");
            fail("nothing was thrown");
        } catch (error) {
            verify(error.message.includes("parser"), error.message);
        }
    }

    function test_thePeerIsKnown() {
        const name = Surroundings.abstractName();
        const server = listening(name);
        const socket = make(lineSocket, {address: name});
        verify(!socket.peerCredentials.valid);
        compare(socket.peerCredentials.processId, undefined);
        socket.active = true;
        tryVerify(() => server.connected);
        verify(socket.peerCredentials.valid);
        verify(socket.peerCredentials.sameUser);
        compare(socket.peerCredentials.processId, Surroundings.pid);
        verify(socket.peerCredentials.toString().includes(String(Surroundings.pid)));
    }
}
