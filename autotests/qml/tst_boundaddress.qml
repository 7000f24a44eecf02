// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

// Where address and active are bound to one property, one of them changes first: there is no attempt to reach nowhere, and no
// error is told.
TestCase {
    id: testCase

    name: "BoundAddress"

    component Socket: LocalSocket {
        property string wanted
        property var states: []
        property list<string> problems

        onStateChanged: state => states.push(state)
        onErrorOccurred: problems.push(errorString)
    }
    component Messages: MessageSocket {
        property string wanted
        property var states: []
        property list<string> problems

        onStateChanged: state => states.push(state)
        onErrorOccurred: problems.push(errorString)
    }
    component Server: LocalServer {
        property string wanted
        property var states: []
        property list<string> problems

        onListeningChanged: states.push(listening)
        onErrorOccurred: problems.push(errorString)
    }
    component MessagesServer: MessageServer {
        property string wanted
        property var states: []
        property list<string> problems

        onListeningChanged: states.push(listening)
        onErrorOccurred: problems.push(errorString)
    }
    Component {
        id: socket

        Socket {
            address: wanted
            active: wanted !== ""
        }
    }
    Component {
        id: otherSocket

        Socket {
            active: wanted !== ""
            address: wanted
        }
    }
    Component {
        id: messages

        Messages {
            address: wanted
            active: wanted !== ""
        }
    }
    Component {
        id: otherMessages

        Messages {
            active: wanted !== ""
            address: wanted
        }
    }
    Component {
        id: server

        Server {
            address: wanted
            active: wanted !== ""
        }
    }
    Component {
        id: otherServer

        Server {
            active: wanted !== ""
            address: wanted
        }
    }
    Component {
        id: messagesServer

        MessagesServer {
            address: wanted
            active: wanted !== ""
        }
    }
    Component {
        id: otherMessagesServer

        MessagesServer {
            active: wanted !== ""
            address: wanted
        }
    }

    function make(component: Component, properties: var): var {
        const object = createTemporaryObject(component, testCase, properties ?? {});
        verify(object);
        return object;
    }

    function test_socketsFollow_data() {
        return [
            {tag: "LocalSocket", component: socket, peer: server},
            {tag: "LocalSocket, active first", component: otherSocket, peer: server},
            {tag: "MessageSocket", component: messages, peer: messagesServer},
            {tag: "MessageSocket, active first", component: otherMessages, peer: messagesServer},
        ];
    }

    function test_socketsFollow(data: var) {
        const names = [Surroundings.path(), Surroundings.path()];
        const servers = names.map(wanted => make(data.peer, {wanted}));
        const client = make(data.component);
        // What comes while it is being left is of no interest here.
        const takeStates = () => client.states.splice(0).filter(state => state !== LocalSocket.ClosingState);
        wait(20);
        compare(client.states, []);
        client.wanted = names[0];
        tryVerify(() => client.states.includes(LocalSocket.ConnectedState));
        compare(takeStates(), [LocalSocket.ConnectingState, LocalSocket.ConnectedState]);
        client.wanted = names[1];
        tryVerify(() => servers[1].connections.count === 1);
        tryVerify(() => client.states.includes(LocalSocket.ConnectedState));
        compare(takeStates(), [LocalSocket.UnconnectedState, LocalSocket.ConnectingState, LocalSocket.ConnectedState]);
        client.wanted = "";
        tryVerify(() => servers[1].connections.count === 0);
        wait(20);
        compare(takeStates(), [LocalSocket.UnconnectedState]);
        compare(client.problems, []);
    }

    function test_serversFollow_data() {
        return [
            {tag: "LocalServer", component: server},
            {tag: "LocalServer, active first", component: otherServer},
            {tag: "MessageServer", component: messagesServer},
            {tag: "MessageServer, active first", component: otherMessagesServer},
        ];
    }

    function test_serversFollow(data: var) {
        const object = make(data.component);
        object.wanted = Surroundings.path();
        wait(20);
        object.wanted = Surroundings.path();
        wait(20);
        object.wanted = "";
        wait(20);
        compare(object.states, [true, false, true, false]);
        compare(object.problems, []);
        compare(object.errorString, "");
    }

    // Where there is none for longer it is an error, as ever.
    function test_noAddressIsAnError_data() {
        return [
            {tag: "LocalSocket", component: socket},
            {tag: "MessageSocket", component: messages},
            {tag: "LocalServer", component: server},
            {tag: "MessageServer", component: messagesServer},
        ];
    }

    function test_noAddressIsAnError(data: var) {
        const object = make(data.component);
        object.active = true;
        compare(object.problems, [], "told from the event loop");
        tryVerify(() => object.problems.length === 1);
        verify(object.problems[0].includes("empty"), object.problems[0]);
        wait(20);
        compare(object.problems.length, 1);
    }
}
