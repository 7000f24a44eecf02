// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    name: "UnixDatagramSocket"

    Component {
        id: datagramSocket

        UnixDatagramSocket {
            property var messages: []
            property list<string> senders
            property var pids: []
            property list<string> problems
            property int rejected

            active: true
            onMessage: (message, sender, credentials) => {
                messages.push(message);
                senders.push(sender);
                pids.push(credentials.processId);
            }
            onMessageRejected: ++rejected
            onErrorOccurred: problems.push(errorString)
        }
    }
    Component {
        id: json

        JsonParser {}
    }
    Component {
        id: program

        Program {}
    }

    function make(properties: var): var {
        const object = createTemporaryObject(datagramSocket, testCase, properties ?? {});
        verify(object);
        return object;
    }

    function test_messagesAndAnswers() {
        const parser = json.createObject(testCase);
        const name = Surroundings.abstractName();
        const service = make({address: name, parser, credentialsEnabled: true});
        verify(service.open);
        const client = make({address: Surroundings.abstractName(), peerAddress: name, parser});
        verify(client.send({question: 1}));
        tryVerify(() => service.messages.length === 1);
        compare(service.messages[0].question, 1);
        compare(service.senders[0], client.address);
        if (Interprocess.isSupported(Interprocess.MessageCredentials))
            compare(service.pids[0], Surroundings.pid);
        verify(service.sendTo({answer: 2}, service.senders[0]));
        tryVerify(() => client.messages.length === 1);
        compare(client.messages[0].answer, 2);
    }

    function test_aThousandInOrder() {
        const name = Surroundings.path();
        const service = make({address: name});
        const client = make({sendQueueLimit: 2000});
        for (let i = 0; i < 1000; ++i)
            verify(client.sendTo("number " + i, name));
        tryVerify(() => service.messages.length === 1000, 20000);
        for (let i = 0; i < 1000; ++i)
            compare(Surroundings.latin1(service.messages[i]), "number " + i);
    }

    function test_otherProgramsCanSend() {
        const name = Surroundings.path();
        const service = make({address: name, parser: json.createObject(testCase)});
        const python = make2(program);
        if (!python.start("python3", ["-c", "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\n"
                                      + "s.sendto(b'[1]',sys.argv[1]);s.sendto(b'{',sys.argv[1])", name]))
            skip("there is no python3");
        tryVerify(() => service.messages.length === 1);
        compare(service.senders[0], "");
        tryCompare(service, "rejected", 1);
    }

    function make2(component: Component): var {
        return createTemporaryObject(component, testCase);
    }

    function test_errorsHaveAText() {
        const name = Surroundings.path("nobody");
        const client = make();
        compare(client.sendTo("nobody hears it", name), false);
        tryVerify(() => client.problems.length === 1);
        verify(client.problems[0].includes(name), client.problems[0]);
        compare(client.error, UnixDatagramSocket.ServerNotFoundError);
        const first = make({address: name});
        const second = make({address: name});
        tryVerify(() => second.problems.length === 1);
        verify(!second.open);
        first.active = false;
        verify(!first.open);
        second.active = false;
        second.active = true;
        verify(second.open);
    }

    function test_theEndOfTheParserIsTold() {
        const parser = json.createObject(null);
        const service = make({address: Surroundings.abstractName(), parser});
        let changes = 0;
        service.parserChanged.connect(() => ++changes);
        parser.destroy();
        tryVerify(() => changes === 1);
        compare(service.parser, null);
        verify(service.sendTo("bytes", service.address));
        tryVerify(() => service.messages.length === 1);
        compare(Surroundings.latin1(service.messages[0]), "bytes");
    }
}
