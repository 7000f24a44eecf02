// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    property int destroyed

    name: "LocalServer"

    Component {
        id: echoServer

        LocalServer {
            property list<string> problems

            active: true
            parser: TextParser {}
            onMessage: (connection, message) => connection.send("echo " + message)
            onErrorOccurred: problems.push(errorString)
        }
    }
    Component {
        id: lineSocket

        LocalSocket {
            property list<string> lines
            property int ends

            active: true
            parser: TextParser {}
            onMessage: message => lines.push(message)
            onDisconnected: ++ends
        }
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

    function test_answersClients() {
        const name = Surroundings.path();
        const server = make(echoServer, {address: name});
        verify(server.listening);
        compare(server.serverName, name);
        verify(server.serverAddress.valid);
        compare(server.serverAddress.string, name);
        const client = make(qtClient);
        client.connectTo(name);
        client.send("hello\nagain\n");
        tryCompare(client, "received", "echo hello\necho again\n");
    }

    function test_aThousandMessagesOfTenClients() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        const clients = [];
        for (let i = 0; i < 10; ++i)
            clients.push(make(lineSocket, {address: name}));
        tryCompare(server.connections, "count", 10);
        for (let i = 0; i < 100; ++i) {
            for (const client of clients)
                verify(client.send("message " + i));
        }
        for (const client of clients) {
            tryVerify(() => client.lines.length === 100, 20000);
            for (let i = 0; i < 100; ++i)
                compare(client.lines[i], "echo message " + i);
        }
    }

    function test_connectionsAreAModel() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        const accepted = make(signalSpy, {target: server, signalName: "connectionAccepted"});
        const closed = make(signalSpy, {target: server, signalName: "connectionClosed"});
        const view = make(connectionView, {model: server.connections});
        const first = make(lineSocket, {address: name});
        const second = make(lineSocket, {address: name});
        tryCompare(view, "count", 2);
        compare(view.objectAt(0).pid, Surroundings.pid);
        compare(server.connections.get(1), view.objectAt(1).connection);
        compare(server.connections.get(2), null);
        compare(accepted.count, 2);
        first.active = false;
        tryCompare(view, "count", 1);
        compare(closed.count, 1);
        server.closeConnections();
        tryCompare(view, "count", 0);
        tryCompare(second, "ends", 1);
        verify(server.listening);
    }

    Component {
        id: connectionView

        Instantiator {
            delegate: QtObject {
                required property LocalSocket connection
                readonly property var pid: connection.peerCredentials.processId
            }
        }
    }

    Component {
        id: greetingServer

        LocalServer {
            id: self

            property int visitors
            property list<string> log

            active: true
            delegate: LocalSocket {
                id: visitor

                property int number

                parser: JsonParser {}
                onMessage: message => {
                    self.log.push(visitor.number + ": " + message.text);
                    visitor.send({answer: message.text.length});
                }
                Component.onCompleted: {
                    number = ++self.visitors;
                    send({welcome: number});
                }
                onDisconnected: self.log.push(number + " left")
            }
        }
    }

    function test_connectionsAreMadeOfTheDelegate() {
        const name = Surroundings.abstractName();
        const server = make(greetingServer, {address: name});
        const client = make(qtClient);
        client.connectTo(name);
        tryCompare(client, "received", "{\"welcome\":1}\n");
        client.send("{\"text\":\"four\"}\n");
        tryCompare(client, "received", "{\"welcome\":1}\n{\"answer\":4}\n");
        client.send("{\"text\":\"last words\"}\n");
        client.close();
        tryVerify(() => server.log.length === 3);
        compare([...server.log], ["1: four", "1: last words", "1 left"]);
        tryCompare(server.connections, "count", 0);
    }

    Component {
        id: wrongDelegate

        LocalServer {
            active: true
            delegate: QtObject {}
        }
    }

    function test_aDelegateThatIsNoSocketIsRefused() {
        const name = Surroundings.abstractName();
        ignoreWarning(/delegate must be a LocalSocket/);
        const server = make(wrongDelegate, {address: name});
        const client = make(lineSocket, {address: name});
        tryCompare(client, "ends", 1);
        compare(server.connections.count, 0);
    }

    function test_everythingASocketHasSentArrivesBeforeItIsGone() {
        const name = Surroundings.abstractName();
        const server = make(countingServer, {address: name});
        const client = make(qtClient);
        client.connectTo(name);
        client.send(("x".repeat(99) + "\n").repeat(5000));
        client.close();
        tryCompare(server, "messages", 5000, 20000);
        tryCompare(server.connections, "count", 0);
    }

    Component {
        id: countingServer

        LocalServer {
            property int messages

            active: true
            parser: TextParser {}
            onMessage: ++messages
        }
    }

    function test_aNameThatIsTakenIsReported() {
        const name = Surroundings.path();
        const first = make(echoServer, {address: name});
        verify(first.listening);
        const second = make(echoServer, {address: name});
        compare(second.listening, false);
        compare(second.problems.length, 0, "told from the event loop");
        tryVerify(() => second.problems.length === 1);
        verify(second.problems[0].includes(name), second.problems[0]);
        verify(first.listening);
        first.active = false;
        second.active = false;
        second.active = true;
        verify(second.listening);
        compare(second.errorString, "");
    }

    function test_aNameThatIsTakenIsTriedAgain() {
        const name = Surroundings.path();
        const first = make(echoServer, {address: name});
        const second = make(echoServer, {address: name, retry: true, retryDelay: 5});
        tryVerify(() => second.problems.length === 1);
        wait(50);
        compare(second.problems.length, 1, "the same reason is told once");
        compare(second.errorString, second.problems[0]);
        compare(first.connections.count, 0, "the one that listens does not notice");
        first.active = false;
        tryCompare(second, "listening", true);
        compare(second.errorString, "");
        compare(second.problems.length, 1);
        // What has been given up is not tried any more.
        first.retryDelay = 5;
        first.active = true;
        tryVerify(() => first.problems.length === 1);
        first.retry = true;
        first.active = false;
        second.active = false;
        wait(50);
        verify(!first.listening);
    }

    function test_tryingAgainCanBeTurnedOnLater() {
        const name = Surroundings.path();
        const first = make(echoServer, {address: name});
        const second = make(echoServer, {address: name, retryDelay: 5});
        tryVerify(() => second.problems.length === 1);
        first.active = false;
        verify(!second.listening);
        second.retry = true;
        tryCompare(second, "listening", true);
    }

    function test_addressAndActiveCanBeChanged() {
        const names = [Surroundings.path(), Surroundings.path()];
        const server = make(echoServer, {address: names[0]});
        const listening = make(signalSpy, {target: server, signalName: "listeningChanged"});
        verify(Surroundings.nameExists(names[0]));
        server.address = names[1];
        verify(!Surroundings.nameExists(names[0]));
        verify(Surroundings.nameExists(names[1]));
        compare(listening.count, 2);
        server.active = false;
        verify(!server.listening);
        verify(!Surroundings.nameExists(names[1]));
        compare(listening.count, 3);
    }

    function test_broadcastReachesAll() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        const clients = [make(lineSocket, {address: name}), make(lineSocket, {address: name})];
        tryCompare(server.connections, "count", 2);
        compare(server.broadcast("to all"), 2);
        for (const client of clients)
            tryCompare(client, "lines", ["to all"]);
    }

    function test_aServerMayBeDestroyedWithConnections() {
        const name = Surroundings.abstractName();
        const before = Surroundings.descriptors();
        const server = echoServer.createObject(null, {address: name});
        const client = make(lineSocket, {address: name});
        tryCompare(server.connections, "count", 1);
        server.destroy();
        tryCompare(client, "ends", 1);
        client.active = false;
        tryVerify(() => Surroundings.descriptors() <= before);
    }

    Component {
        id: destroyingServer

        LocalServer {
            id: self

            active: true
            parser: TextParser {}
            onMessage: (connection, message) => {
                if (message === "connection")
                    connection.destroy();
                else
                    self.destroy();
            }
            Component.onDestruction: ++testCase.destroyed
        }
    }

    function test_aServerMayBeDestroyedInAHandlerOfAConnection() {
        const name = Surroundings.abstractName();
        const server = destroyingServer.createObject(null, {address: name});
        destroyed = 0;
        const client = make(lineSocket, {address: name});
        tryCompare(server.connections, "count", 1);
        client.send("server");
        tryCompare(client, "ends", 1);
        tryCompare(testCase, "destroyed", 1);
    }

    function test_settingsCanBeBoundAndTellOfTheirChange_data() {
        return [
            {tag: "namePolicy", value: LocalServer.NamePolicy.Exclusive},
            {tag: "peerPolicy", value: LocalServer.PeerPolicy.Any},
            {tag: "listenBacklogSize", value: 7},
            {tag: "readBufferSize", value: 4096},
            {tag: "writeBufferLimit", value: 4096},
            {tag: "halfOpenAllowed", value: true},
            {tag: "retry", value: true},
            {tag: "retryDelay", value: 20},
        ];
    }

    function test_settingsCanBeBoundAndTellOfTheirChange(data: var) {
        const server = make(echoServer, {address: Surroundings.path()});
        const spy = make(signalSpy, {target: server, signalName: data.tag + "Changed"});
        verify(spy.valid);
        server[data.tag] = data.value;
        compare(server[data.tag], data.value);
        compare(spy.count, 1);
        server[data.tag] = data.value;
        compare(spy.count, 1);
    }

    Component {
        id: limitedServer

        LocalServer {
            active: true
            writeBufferLimit: 1000
            delegate: LocalSocket {
                readBufferSize: 2000
                parser: TextParser {}
            }
        }
    }

    function test_theDelegateGoesBeforeTheServer() {
        const name = Surroundings.abstractName();
        const server = make(limitedServer, {address: name, readBufferSize: 5});
        const client = make(lineSocket, {address: name});
        tryCompare(server.connections, "count", 1);
        compare(server.connections.get(0).readBufferSize, 2000);
        compare(server.connections.get(0).writeBufferLimit, 1000);
        compare(client.state, LocalSocket.ConnectedState);
    }

    function test_socketOptionsAreKnown() {
        const server = make(countingServer, {socketOptions: LocalServer.WorldAccessOption, active: false});
        compare(server.socketOptions, LocalServer.WorldAccessOption);
    }

    Component {
        id: pausedServer

        LocalServer {
            property string received
            property int closed

            active: true
            delegate: LocalSocket {
                paused: true
                parser: BinaryParser {
                    framing: MessageParser.Chunks
                }
            }
            onMessage: (connection, message) => received += Surroundings.latin1(message)
            onConnectionClosed: ++closed
        }
    }

    function test_chunksOfAPausedConnectionAreNotLost() {
        const name = Surroundings.abstractName();
        const server = make(pausedServer, {address: name});
        const client = make(qtClient);
        client.connectTo(name);
        client.send("last words");
        tryCompare(server.connections, "count", 1);
        const connection = server.connections.get(0);
        client.close();
        tryCompare(connection, "state", LocalSocket.UnconnectedState);
        wait(20);
        compare(server.connections.count, 1);
        connection.paused = false;
        tryCompare(server, "closed", 1);
        compare(server.received, "last words");
        compare(server.connections.count, 0);
    }

    function test_whatCannotBeSentIsThrownByABroadcast() {
        const name = Surroundings.abstractName();
        const server = make(echoServer, {address: name});
        const clients = [1, 2, 3].map(() => make(lineSocket, {address: name}));
        tryCompare(server.connections, "count", 3);
        let message = "";
        try {
            server.broadcast({});
        } catch (error) {
            message = error.message;
        }
        verify(message.includes("TextParser"), message);
        compare(server.broadcast("text"), 3);
        for (const client of clients)
            tryCompare(client, "lines", ["text"]);
    }
}
