// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

// A parser while it is in use: shared by several elements, changed, destroyed.
TestCase {
    id: testCase

    name: "ParserLife"

    Component {
        id: client

        LocalSocket {
            property var messages: []
            property list<string> problems

            active: true
            onMessage: message => messages.push(message)
            onMessageRejected: reason => problems.push(reason)
            onMessageError: reason => problems.push(reason)
        }
    }
    Component {
        id: localServer

        LocalServer {}
    }
    Component {
        id: messageSocket

        MessageSocket {
            property var messages: []

            onMessage: message => messages.push(message)
        }
    }
    Component {
        id: messageServer

        MessageServer {
            onMessage: (connection, message) => connection.send(message)
        }
    }
    Component {
        id: pipeReader

        PipeReader {}
    }
    Component {
        id: pipeWriter

        PipeWriter {}
    }
    Component {
        id: qtServer

        QtServer {}
    }
    Component {
        id: signalSpy

        SignalSpy {}
    }
    Component {
        id: textParser

        TextParser {}
    }

    function make(component: Component, properties: var): var {
        const object = createTemporaryObject(component, testCase, properties ?? {});
        verify(object);
        return object;
    }

    // A socket, and a peer of Qt that it is connected to.
    function pair(parser: TextParser): var {
        const name = Surroundings.abstractName();
        const server = make(qtServer);
        verify(server.listen(name));
        const socket = make(client, {address: name, parser});
        tryVerify(() => server.connected);
        return {server, socket};
    }

    function test_itsEndIsTold_data() {
        return [
            {tag: "LocalSocket", component: client},
            {tag: "LocalServer", component: localServer},
            {tag: "MessageSocket", component: messageSocket},
            {tag: "MessageServer", component: messageServer},
            {tag: "PipeReader", component: pipeReader},
            {tag: "PipeWriter", component: pipeWriter},
        ];
    }

    function test_itsEndIsTold(data: var) {
        const first = textParser.createObject(null);
        const second = textParser.createObject(null);
        const element = make(data.component, {active: false, parser: first});
        const changes = make(signalSpy, {target: element, signalName: "parserChanged"});
        element.parser = second;
        compare(changes.count, 1);
        // Of no concern any more.
        first.destroy();
        wait(20);
        compare(changes.count, 1);
        second.destroy();
        tryCompare(changes, "count", 2);
        compare(element.parser, null);
        element.parser = make(textParser);
        compare(changes.count, 3);
    }

    function test_bytesGoOnWithoutIt() {
        const parser = textParser.createObject(null);
        const {server, socket} = pair(parser);
        server.send("whole\nha");
        tryCompare(socket, "messages", ["whole"]);
        parser.destroy();
        tryVerify(() => socket.parser === null);
        compare(socket.state, LocalSocket.ConnectedState);
        let rest = "";
        tryVerify(() => (rest += Surroundings.latin1(socket.readAll())) === "ha");
        server.send("lf\n");
        tryVerify(() => (rest += Surroundings.latin1(socket.readAll())) === "half\n");
        compare(socket.write("bytes"), 5);
        tryCompare(server, "received", "bytes");
        compare(socket.messages, ["whole"]);
        compare(socket.problems, []);
        // And with another one.
        socket.parser = make(textParser);
        server.send("again\n");
        tryCompare(socket, "messages", ["whole", "again"]);
    }

    function test_messagesGoOnWithoutIt() {
        const name = Surroundings.path();
        const server = make(messageServer, {address: name, active: true});
        const parser = textParser.createObject(null);
        const socket = make(messageSocket, {address: name, active: true, parser});
        tryVerify(() => socket.state === LocalSocket.ConnectedState);
        verify(socket.send("text"));
        tryCompare(socket, "messages", ["text"]);
        parser.destroy();
        tryVerify(() => socket.parser === null);
        verify(socket.send("bytes"));
        tryVerify(() => socket.messages.length === 2);
        compare(Surroundings.latin1(socket.messages[1]), "bytes");
    }

    function test_severalSocketsShareOne() {
        const parser = textParser.createObject(null);
        const pairs = [pair(parser), pair(parser), pair(parser)];
        // Each has half a line, and half a character.
        pairs.forEach(({server}, index) => server.send("first of " + index + "\nsecond of " + index + " \xc3"));
        pairs.forEach(({socket}, index) => tryCompare(socket, "messages", ["first of " + index]));
        pairs.forEach(({server}) => server.send("\xbc\n"));
        pairs.forEach(({socket}, index) => tryCompare(socket, "messages", ["first of " + index, "second of " + index + " ü"]));
        parser.encoding = "ISO-8859-1";
        parser.framing = MessageParser.LengthPrefix;
        pairs.forEach(({server}) => server.send("\0\0\0\x02\xfc\n"));
        pairs.forEach(({socket}) => tryVerify(() => socket.messages[2] === "ü\n"));
        pairs.forEach(({socket}, index) => verify(socket.send(index)));
        pairs.forEach(({server}, index) => tryCompare(server, "received", "\0\0\0\x01" + index));
        // One has none any more, the others go on.
        pairs[0].socket.parser = null;
        pairs[1].socket.destroy();
        wait(0);
        pairs[2].server.send("\0\0\0\x04more");
        tryVerify(() => pairs[2].socket.messages[3] === "more");
        parser.destroy();
        tryVerify(() => pairs[2].socket.parser === null);
        compare(pairs[2].socket.state, LocalSocket.ConnectedState);
        compare(pairs[2].socket.problems, []);
        compare(pairs[0].socket.problems, []);
    }

    function test_itMayGoWithAMessageUnderWay() {
        const parser = textParser.createObject(null);
        const {server, socket} = pair(parser);
        const other = pair(parser);
        socket.message.connect(() => parser.destroy());
        server.send("one\ntwo\nthr");
        other.server.send("ot");
        tryVerify(() => socket.parser === null && other.socket.parser === null);
        compare(socket.messages[0], "one");
        compare(socket.state, LocalSocket.ConnectedState);
        compare(other.socket.state, LocalSocket.ConnectedState);
        let rest = "";
        tryVerify(() => (rest += Surroundings.latin1(other.socket.readAll())) === "ot");
    }
}
