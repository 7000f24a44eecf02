// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    name: "MessageSocket"

    Component {
        id: echoServer

        MessageServer {
            property list<string> problems

            active: true
            onMessage: (connection, message) => connection.send(message)
            onErrorOccurred: problems.push(errorString)
        }
    }
    Component {
        id: client

        MessageSocket {
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
        id: json

        JsonParser {}
    }
    Component {
        id: signalSpy

        SignalSpy {}
    }
    Component {
        id: connectionView

        Instantiator {
            delegate: QtObject {
                required property MessageSocket connection
                readonly property var pid: connection.peerCredentials.processId
            }
        }
    }

    function make(component: Component, properties: var): var {
        const object = createTemporaryObject(component, testCase, properties ?? {});
        verify(object);
        return object;
    }

    function test_bytesComeBack() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        verify(server.listening);
        const socket = make(client, {address: name});
        verify(socket.send(new Uint8Array([1, 0, 2])));
        verify(socket.send(new ArrayBuffer(0)));
        verify(socket.send("text"));
        tryVerify(() => socket.messages.length === 3);
        compare([...new Uint8Array(socket.messages[0])], [1, 0, 2]);
        compare(socket.messages[1].byteLength, 0);
        compare(Surroundings.latin1(socket.messages[2]), "text");
    }

    function test_aThousandMessagesArriveInOrder() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        const socket = make(client, {address: name, parser: json.createObject(testCase)});
        for (let i = 0; i < 1000; ++i)
            verify(socket.send({number: i}));
        tryVerify(() => socket.messages.length === 1000, 20000);
        for (let i = 0; i < 1000; ++i)
            compare(socket.messages[i].number, i);
    }

    Component {
        id: delegateServer

        MessageServer {
            id: self

            property list<string> log

            active: true
            delegate: MessageSocket {
                id: visitor

                parser: TextParser {}
                onMessage: message => self.log.push(message)
                onDisconnected: self.log.push("left")
                Component.onCompleted: visitor.send("welcome")
            }
        }
    }

    function test_connectionsAreMadeOfTheDelegateAndAreAModel() {
        const name = Surroundings.path();
        const server = make(delegateServer, {address: name});
        const view = make(connectionView, {model: server.connections});
        const socket = make(client, {address: name});
        tryVerify(() => socket.messages.length === 1);
        compare(Surroundings.latin1(socket.messages[0]), "welcome");
        compare(view.count, 1);
        compare(view.objectAt(0).pid, Surroundings.pid);
        for (let i = 0; i < 50; ++i)
            verify(socket.send("number " + i));
        socket.active = false;
        tryVerify(() => server.log.includes("left"));
        compare(server.log.length, 51);
        tryCompare(view, "count", 0);
    }

    function test_connectsAgainWhenTheServerComesBack() {
        const name = Surroundings.path();
        const server = make(echoServer, {address: name});
        const socket = make(client, {address: name, reconnect: true, minimumReconnectDelay: 5, maximumReconnectDelay: 20});
        tryCompare(server.connections, "count", 1);
        server.active = false;
        server.closeConnections();
        tryCompare(socket, "ends", 1);
        server.active = true;
        tryCompare(server.connections, "count", 1);
        verify(socket.send("again"));
        tryVerify(() => socket.messages.length === 1);
    }

    function test_errorsHaveATextAndTheSocketGoesOn() {
        const name = Surroundings.path("nobody");
        const socket = make(client, {address: name});
        tryVerify(() => socket.problems.length === 1);
        verify(socket.problems[0].includes(name));
        compare(socket.error, StreamDevice.ServerNotFoundError);
        compare(socket.send("nobody hears it"), false);
        tryVerify(() => socket.problems.length === 2);
        const server = make(echoServer, {address: name});
        socket.connectToServer();
        verify(socket.send("now"));
        tryVerify(() => socket.messages.length === 1);
    }

    function test_aMessageThatIsTooLongIsRefused() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        const socket = make(client, {address: name, maximumMessageSize: 1000});
        compare(socket.send(new ArrayBuffer(1001)), false);
        tryVerify(() => socket.problems.length === 1);
        verify(socket.problems[0].includes("1001"));
        verify(socket.send(new ArrayBuffer(1000)));
        tryVerify(() => socket.messages.length === 1);
    }

    function test_whatIsNoJsonIsRejected() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        const sender = make(client, {address: name});
        sender.parser = null;
        const socket = make(client, {address: name, parser: json.createObject(testCase)});
        const rejected = make(signalSpy, {target: socket, signalName: "messageRejected"});
        tryCompare(server.connections, "count", 2);
        server.connections.get(1).send("{");
        tryCompare(rejected, "count", 1);
        server.connections.get(1).send("{}");
        tryVerify(() => socket.messages.length === 1);
    }

    function test_anObjectMayBeDestroyedWithMessagesOnTheirWay() {
        const name = Surroundings.abstractName();
        const before = Surroundings.descriptors();
        const server = echoServer.createObject(null, {address: name});
        for (let i = 0; i < 10; ++i) {
            const socket = client.createObject(null, {address: name});
            socket.send("hello");
            socket.destroy();
        }
        wait(20);
        server.destroy();
        gc();
        tryVerify(() => Surroundings.descriptors() <= before, 1000, Surroundings.openDescriptors());
    }

    function test_aServerWaitsForANameThatIsTaken() {
        const name = Surroundings.path();
        const first = make(echoServer, {address: name});
        verify(first.listening);
        const second = make(echoServer, {address: name, retry: true, retryDelay: 5});
        const third = make(echoServer, {address: name, retryDelay: 5});
        tryVerify(() => second.problems.length === 1 && third.problems.length === 1);
        wait(50);
        compare(second.problems.length, 1, "the same reason is told once");
        compare(second.errorString, second.problems[0]);
        verify(second.errorString.includes(name), second.errorString);
        compare(first.connections.count, 0, "the one that listens does not notice");
        first.active = false;
        tryCompare(second, "listening", true);
        compare(second.errorString, "");
        const socket = make(client, {address: name});
        verify(socket.send("to the second"));
        tryVerify(() => socket.messages.length === 1);
        compare(second.connections.count, 1);
        // It can be turned on when it has failed already, and off again.
        verify(!third.listening);
        third.retry = true;
        third.retry = false;
        second.active = false;
        wait(50);
        verify(!third.listening);
        third.retry = true;
        tryCompare(third, "listening", true);
        compare(third.problems.length, 1);
    }

    function test_settingsTellOfTheirChange_data() {
        return [
            {tag: "namePolicy", value: LocalServer.NamePolicy.Exclusive},
            {tag: "peerPolicy", value: LocalServer.PeerPolicy.Any},
            {tag: "socketOptions", value: LocalServer.WorldAccessOption},
            {tag: "listenBacklogSize", value: 7},
            {tag: "maximumMessageSize", value: 4096},
            {tag: "readBufferSize", value: 4096},
            {tag: "writeBufferLimit", value: 4096},
            {tag: "retry", value: true},
            {tag: "retryDelay", value: 20},
        ];
    }

    function test_settingsTellOfTheirChange(data: var) {
        const server = make(echoServer, {active: false});
        const spy = make(signalSpy, {target: server, signalName: data.tag + "Changed"});
        verify(spy.valid);
        server[data.tag] = data.value;
        compare(server[data.tag], data.value);
        compare(spy.count, 1);
        server[data.tag] = data.value;
        compare(spy.count, 1);
    }

    Component {
        id: severalSender

        MessageServer {
            property var texts: []

            active: true
            parser: TextParser {}
            onConnectionAccepted: connection => texts.forEach(text => connection.send(text))
        }
    }
    Component {
        id: leaving

        MessageSocket {
            active: true
            parser: TextParser {}
        }
    }

    // As with LocalSocket: it comes after the end, but not in another connection.
    function test_whatHasArrivedIsDeliveredWhenItIsLeft_data() {
        const rest = ["old 2", "old 3"];
        return [
            {tag: "active", after: rest},
            {tag: "disconnectFromServer", after: rest},
            {tag: "address", after: ["connected", "new"]},
        ];
    }

    function test_whatHasArrivedIsDeliveredWhenItIsLeft(data: var) {
        const addresses = [Surroundings.path(), Surroundings.path()];
        const texts = [["old 1", "old 2", "old 3"], ["new"]];
        const servers = addresses.map((address, index) => createTemporaryObject(severalSender, testCase, {address, texts: texts[index]}));
        verify(servers.every(server => server.listening));
        const log = [];
        const socket = createTemporaryObject(leaving, testCase, {address: addresses[0]});
        socket.connected.connect(() => log.push("connected"));
        socket.disconnected.connect(() => log.push("disconnected"));
        socket.message.connect(message => {
            log.push(message);
            if (message !== "old 1")
                return;
            if (data.tag === "active")
                socket.active = false;
            else if (data.tag === "address")
                socket.address = addresses[1];
            else
                socket.disconnectFromServer();
        });
        const expected = ["connected", "old 1", "disconnected", ...data.after];
        tryVerify(() => log.length >= expected.length);
        wait(20);
        compare(log, expected);
    }
}
