// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    name: "LocalSocket"

    Component {
        id: lineSocket

        LocalSocket {
            property list<string> lines
            property list<string> problems

            parser: TextParser {}
            onMessage: message => lines.push(message)
            onErrorOccurred: problems.push(errorString)
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

    function make(component: Component, properties): QtObject {
        const object = createTemporaryObject(component, testCase, properties);
        verify(object);
        return object;
    }

    function test_connectsWhenActiveIsDeclared() {
        const name = Surroundings.path();
        const server = make(qtServer);
        verify(server.listen(name));
        const socket = make(lineSocket, {address: name, active: true});
        tryCompare(socket, "state", LocalSocket.ConnectedState);
        tryVerify(() => server.connected);
    }

    function test_aMessageIsALine() {
        const name = Surroundings.abstractName();
        const server = make(qtServer, {echo: true});
        verify(server.listen(name));
        const socket = make(lineSocket, {address: name, active: true});
        tryVerify(() => server.connected);
        verify(socket.send("first"));
        verify(socket.send("zweite, größer"));
        tryCompare(socket, "lines", ["first", "zweite, größer"]);
    }
}
