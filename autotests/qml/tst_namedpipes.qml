// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

// NamedPipe and NamedPipeServer, which there are on Windows.
TestCase {
    id: testCase

    name: "NamedPipes"

    Component {
        id: echoServer

        NamedPipeServer {
            property list<string> problems

            active: true
            onMessage: (connection, message) => {
                if (direction === NamedPipeServer.Direction.Duplex)
                    connection.send(message);
            }
            onErrorOccurred: problems.push(errorString)
        }
    }
    Component {
        id: client

        NamedPipe {
            property var messages: []
            property list<string> problems
            property int ends

            active: true
            onMessage: message => messages.push(message)
            onErrorOccurred: problems.push(errorString)
            onMessageError: reason => problems.push(reason)
            onDisconnected: ++ends
        }
    }
    Component {
        id: text

        TextParser {}
    }
    Component {
        id: json

        JsonParser {}
    }
    Component {
        id: qtClient

        QtClient {}
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

    function inMessages(properties: var): var {
        return Object.assign({receiveMode: NamedPipe.Mode.Messages, sendMode: NamedPipe.Mode.Messages}, properties);
    }

    function test_linesInAStreamOfBytes() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name, parser: text.createObject(testCase)});
        verify(server.listening);
        const socket = make(client, {address: name, parser: text.createObject(testCase)});
        for (let i = 0; i < 1000; ++i)
            verify(socket.send("line " + i));
        tryVerify(() => socket.messages.length === 1000, 20000);
        for (let i = 0; i < 1000; ++i)
            compare(socket.messages[i], "line " + i);
    }

    function test_messagesKeepTheirBoundaries() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, inMessages({address: name}));
        const socket = make(client, inMessages({address: name}));
        tryCompare(socket, "state", LocalSocket.ConnectedState);
        verify(socket.send(new Uint8Array([1, 0, 2])));
        verify(socket.send(new ArrayBuffer(0)));
        verify(socket.send("text"));
        compare(socket.write("by write()"), 10);
        tryVerify(() => socket.messages.length === 4);
        compare([...new Uint8Array(socket.messages[0])], [1, 0, 2]);
        compare(socket.messages[1].byteLength, 0);
        compare(Surroundings.latin1(socket.messages[2]), "text");
        compare(Surroundings.latin1(socket.messages[3]), "by write()");
        compare(socket.readAll().byteLength, 0);
    }

    function test_messagesMayBeJson() {
        const name = "\\\\.\\pipe\\" + Surroundings.abstractName().slice(1);
        const server = make(echoServer, inMessages({address: name, parser: json.createObject(testCase)}));
        const socket = make(client, inMessages({address: name, parser: json.createObject(testCase)}));
        tryCompare(socket, "state", LocalSocket.ConnectedState);
        for (let i = 0; i < 100; ++i)
            verify(socket.send({number: i}));
        tryVerify(() => socket.messages.length === 100, 20000);
        for (let i = 0; i < 100; ++i)
            compare(socket.messages[i].number, i);
        compare(server.broadcast({to: "all"}), 1);
        tryVerify(() => socket.messages.length === 101);
    }

    function test_aMessageThatIsTooLongIsThrownAway() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, inMessages({address: name}));
        const socket = make(client, inMessages({address: name, maximumMessageSize: 1000}));
        tryCompare(server.connections, "count", 1);
        server.connections.get(0).send(new ArrayBuffer(1001));
        tryVerify(() => socket.problems.length === 1);
        verify(socket.problems[0].includes("1001"), socket.problems[0]);
        server.connections.get(0).send(new ArrayBuffer(1000));
        tryVerify(() => socket.messages.length === 1);
        compare(socket.messages[0].byteLength, 1000);
    }

    function test_clientsOfQtAreServed() {
        const name = Surroundings.path();
        const server = make(echoServer, {address: name, parser: text.createObject(testCase)});
        const other = make(qtClient);
        other.connectTo(name);
        other.send("hello\n");
        tryCompare(other, "received", "hello\n");
        compare(server.connections.get(0).peerCredentials.processId, Surroundings.pid);
    }

    function test_oneWay() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name, direction: NamedPipeServer.Direction.Outbound, parser: text.createObject(testCase)});
        const socket = make(client, {address: name, direction: NamedPipeServer.Direction.Outbound, parser: text.createObject(testCase)});
        tryCompare(server.connections, "count", 1);
        compare(server.broadcast("from the server"), 1);
        tryVerify(() => socket.messages.length === 1);
        compare(socket.messages[0], "from the server");
    }

    function test_theOtherWay() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name, direction: NamedPipeServer.Direction.Inbound, parser: text.createObject(testCase)});
        const heard = make(signalSpy, {target: server, signalName: "message"});
        const socket = make(client, {address: name, parser: text.createObject(testCase)});
        // It asks for both ways, which this pipe does not have.
        tryVerify(() => socket.problems.length === 1);
        compare(socket.error, StreamDevice.SocketAccessError);
        verify(server.listening);
        socket.direction = NamedPipeServer.Direction.Inbound;
        socket.connectToServer();
        tryCompare(server.connections, "count", 1);
        verify(socket.send("from the client"));
        tryCompare(heard, "count", 1);
        compare(heard.signalArguments[0][1], "from the client");
    }

    function test_connectsAgainWhenTheServerComesBack() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name, parser: text.createObject(testCase)});
        const socket = make(client, {
            address: name,
            parser: text.createObject(testCase),
            reconnect: true,
            minimumReconnectDelay: 5,
            maximumReconnectDelay: 20,
            serverPolicy: NamedPipe.ServerPolicy.SameUser
        });
        tryCompare(server.connections, "count", 1);
        server.active = false;
        server.closeConnections();
        tryCompare(socket, "ends", 1);
        server.active = true;
        tryCompare(server.connections, "count", 1);
        verify(socket.send("again"));
        tryVerify(() => socket.messages.length === 1);
    }

    function test_aNameThatIsTakenIsTriedAgain() {
        const name = Surroundings.abstractName();
        const first = make(echoServer, {address: name});
        verify(first.listening);
        const second = make(echoServer, {address: name, retry: true, retryDelay: 5, parser: text.createObject(testCase)});
        tryVerify(() => second.problems.length === 1);
        compare(second.errorString, second.problems[0]);
        first.active = false;
        tryCompare(second, "listening", true);
        compare(second.errorString, "");
        const socket = make(client, {address: name, parser: text.createObject(testCase)});
        verify(socket.send("to the second"));
        tryVerify(() => socket.messages.length === 1);
        compare(second.problems.length, 1);
    }

    function test_aServerMayBeDestroyedWithConnections() {
        const name = Surroundings.abstractName();
        const before = Surroundings.descriptors();
        const server = echoServer.createObject(null, {address: name});
        const socket = make(client, {address: name});
        tryCompare(server.connections, "count", 1);
        server.destroy();
        tryCompare(socket, "ends", 1);
        socket.active = false;
        tryVerify(() => Surroundings.descriptors() <= before, 5000, Surroundings.openDescriptors());
    }

    function test_settingsOfASocketTellOfTheirChange_data() {
        return [
            {tag: "direction", value: NamedPipeServer.Direction.Outbound},
            {tag: "impersonationLevel", value: NamedPipe.Anonymous},
            {tag: "serverPolicy", value: NamedPipe.ServerPolicy.SameUser},
            {tag: "maximumMessageSize", value: 4096},
        ];
    }

    function test_settingsOfASocketTellOfTheirChange(data: var) {
        tellsOfItsChange(make(client, {active: false}), data);
    }

    function test_settingsTellOfTheirChange_data() {
        return [
            {tag: "direction", value: NamedPipeServer.Direction.Inbound},
            {tag: "receiveMode", value: NamedPipe.Mode.Messages},
            {tag: "sendMode", value: NamedPipe.Mode.Messages},
            {tag: "maximumMessageSize", value: 4096},
            {tag: "readBufferSize", value: 4096},
            {tag: "retry", value: true},
        ];
    }

    function test_settingsTellOfTheirChange(data: var) {
        tellsOfItsChange(make(echoServer, {active: false}), data);
    }

    function tellsOfItsChange(object: QtObject, data: var) {
        const spy = make(signalSpy, {target: object, signalName: data.tag + "Changed"});
        verify(spy.valid);
        object[data.tag] = data.value;
        compare(object[data.tag], data.value);
        compare(spy.count, 1);
        object[data.tag] = data.value;
        compare(spy.count, 1);
    }
}
