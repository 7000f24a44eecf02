// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    name: "Parsers"

    Component {
        id: client

        LocalSocket {
            property var messages: []
            property var rejected: []
            property list<string> problems

            active: true
            onMessage: message => messages.push(message)
            onMessageRejected: (reason, data) => rejected.push({reason, data})
            onMessageError: reason => problems.push(reason)
        }
    }
    Component {
        id: qtServer

        QtServer {}
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
        id: binary

        BinaryParser {}
    }

    property QtServer server
    property LocalSocket socket

    function begin(parser: Component, properties: var, echo: bool) {
        const name = Surroundings.abstractName();
        server = createTemporaryObject(qtServer, testCase, {echo});
        verify(server.listen(name));
        socket = createTemporaryObject(client, testCase, {address: name, parser: createTemporaryObject(parser, testCase, properties)});
        tryVerify(() => server.connected);
    }

    function cleanup() {
        socket = null;
        server = null;
    }

    function test_jsonValuesCrossTheSocket() {
        begin(json, {}, true);
        const values = [{a: 1, b: [true, null, "ü\n\""]}, [], "text", 1.5, false, null, new Date(0)];
        for (const value of values)
            verify(socket.send(value));
        tryVerify(() => socket.messages.length === values.length);
        for (let i = 0; i < values.length; ++i)
            compare(JSON.stringify(socket.messages[i]), JSON.stringify(values[i]));
        compare(server.received.split("\n").length, values.length + 1);
    }

    function test_whatIsNoJsonIsRejectedAndTheConnectionGoesOn() {
        begin(json, {}, false);
        server.send("{\"whole\": 1}\n{\"broken\": \n[2]\n");
        tryVerify(() => socket.messages.length === 2);
        compare(socket.messages[0].whole, 1);
        compare(socket.messages[1][0], 2);
        compare(socket.rejected.length, 1);
        verify(socket.rejected[0].reason.includes("JSON"), socket.rejected[0].reason);
        compare(Surroundings.latin1(socket.rejected[0].data), "{\"broken\": ");
        compare(socket.state, LocalSocket.ConnectedState);
    }

    function test_whatHasNoJsonIsThrown_data() {
        const loop = {};
        loop.self = loop;
        return [{tag: "undefined", value: undefined}, {tag: "function", value: () => 1}, {tag: "loop", value: loop}];
    }

    function test_whatHasNoJsonIsThrown(data: var) {
        begin(json, {}, false);
        let thrown = null;
        try {
            socket.send(data.value);
        } catch (error) {
            thrown = error;
        }
        verify(thrown);
        verify(socket.send("fine"));
        tryCompare(server, "received", "\"fine\"\n");
    }

    function test_framingsOfJson_data() {
        return [
            {tag: "length", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x03[1]"},
            {tag: "little", framing: MessageParser.LengthPrefix, byteOrder: MessageParser.LittleEndian, wire: "\x03\0\0\0[1]"},
            {tag: "content", framing: MessageParser.ContentLength, wire: "Content-Length: 3\r\n\r\n[1]"},
            {tag: "crlf", framing: MessageParser.Lines, lineEnding: MessageParser.CarriageReturnLineFeed, wire: "[1]\r\n"},
        ];
    }

    function test_framingsOfJson(data: var) {
        const properties = {framing: data.framing};
        if (data.byteOrder !== undefined)
            properties.byteOrder = data.byteOrder;
        if (data.lineEnding !== undefined)
            properties.lineEnding = data.lineEnding;
        begin(json, properties, true);
        verify(socket.send([1]));
        tryCompare(server, "received", data.wire);
        tryVerify(() => socket.messages.length === 1);
        compare(socket.messages[0][0], 1);
    }

    function test_encodings_data() {
        return [
            {tag: "UTF-8", wire: "gr\xc3\xbc\xc3\x9fe\n"},
            {tag: "ISO-8859-1", wire: "gr\xfc\xdfe\n"},
            {tag: "UTF-16LE", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x0ag\0r\0\xfc\0\xdf\0e\0"},
            {tag: "UTF-32BE", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x14\0\0\0g\0\0\0r\0\0\0\xfc\0\0\0\xdf\0\0\0e"},
        ];
    }

    function test_encodings(data: var) {
        begin(text, {encoding: data.tag, framing: data.framing ?? MessageParser.Lines}, true);
        verify(socket.send("grüße"));
        tryCompare(server, "received", data.wire);
        tryCompare(socket, "messages", ["grüße"]);
    }

    function test_anEncodingThatCannotBeSaysWhy_data() {
        return [{tag: "EBCDIC"}, {tag: "UTF-16"}];
    }

    function test_anEncodingThatCannotBeSaysWhy(data: var) {
        begin(text, {encoding: data.tag}, false);
        let message = "";
        try {
            socket.send("text");
        } catch (error) {
            message = error.message;
        }
        verify(message.includes(data.tag), message);
        server.send("text\n");
        tryVerify(() => socket.rejected.length === 1);
    }

    function test_whatIsNotInTheEncodingIsRejected() {
        begin(text, {}, false);
        server.send("\xff\xfe\nfine\n");
        tryCompare(socket, "messages", ["fine"]);
        compare(socket.rejected.length, 1);
        verify(socket.rejected[0].reason.includes("UTF-8"));
        compare(socket.rejected[0].data.byteLength, 2);
    }

    function test_whatIsNoCharacterIsRejected_data() {
        return [
            {tag: "UTF-32BE", wire: "\0\0\0\x04\0\x11\0\0"}, // beyond the last one
            {tag: "UTF-32BE", wire: "\0\0\0\x04\x40\x08\0a"}, // far beyond
            {tag: "UTF-16LE", wire: "\0\0\0\x03a\0b"}, // half a one
        ];
    }

    function test_whatIsNoCharacterIsRejected(data: var) {
        begin(text, {encoding: data.tag, framing: MessageParser.LengthPrefix}, false);
        server.send(data.wire);
        tryVerify(() => socket.rejected.length + socket.messages.length === 1);
        compare(socket.messages, []);
        verify(socket.rejected[0].reason.includes(data.tag));
    }

    function test_textThatTheEncodingDoesNotHaveIsThrown() {
        begin(text, {encoding: "ISO-8859-1"}, false);
        let message = "";
        try {
            socket.send("5 €");
        } catch (error) {
            message = error.message;
        }
        verify(message.includes("ISO-8859-1"), message);
    }

    function test_bytesCrossTheSocket() {
        begin(binary, {}, true);
        verify(socket.send(new Uint8Array([0, 255, 10, 13]).buffer));
        verify(socket.send(new ArrayBuffer(0)));
        verify(socket.send(new Uint16Array([0x4241])));
        tryVerify(() => socket.messages.length === 3);
        verify(socket.messages[0] instanceof ArrayBuffer);
        compare([...new Uint8Array(socket.messages[0])], [0, 255, 10, 13]);
        compare(socket.messages[1].byteLength, 0);
        compare(socket.messages[2].byteLength, 2);
    }

    function test_aMegabyteOfBytesCrossesTheSocket() {
        begin(binary, {}, true);
        const bytes = Surroundings.filled(1000000);
        verify(socket.send(bytes));
        tryVerify(() => socket.messages.length === 1, 20000);
        compare(Surroundings.latin1(socket.messages[0]), Surroundings.latin1(bytes));
    }

    function test_chunksComeAsTheyAre() {
        begin(binary, {framing: MessageParser.Chunks}, false);
        server.send("anything\n");
        tryVerify(() => socket.messages.length === 1);
        compare(Surroundings.latin1(socket.messages[0]), "anything\n");
        verify(socket.send("answer"));
        tryCompare(server, "received", "answer");
    }

    function test_chunksAreNotCutByALimit() {
        begin(binary, {framing: MessageParser.Chunks}, true);
        socket.writeBufferLimit = 1000;
        const bytes = Surroundings.filled(500000);
        verify(socket.send(bytes));
        tryVerify(() => server.received.length === 500000, 20000);
        compare(server.received, Surroundings.latin1(bytes));
    }

    function test_theFormatMayChangeWhileConnected() {
        begin(text, {}, true);
        verify(socket.send("line"));
        tryCompare(socket, "messages", ["line"]);
        socket.parser.framing = MessageParser.LengthPrefix;
        verify(socket.send("with\nlength"));
        tryCompare(socket, "messages", ["line", "with\nlength"]);
        socket.parser = createTemporaryObject(json, testCase);
        verify(socket.send({now: "json"}));
        tryVerify(() => socket.messages.length === 3);
        compare(socket.messages[2].now, "json");
    }

    function test_messagesWaitWhilePaused_data() {
        return [{tag: "chunks", framing: MessageParser.Chunks}, {tag: "lines", framing: MessageParser.Lines}];
    }

    function test_messagesWaitWhilePaused(data: var) {
        begin(binary, {framing: data.framing}, false);
        socket.paused = true;
        server.send("waits\n");
        wait(50);
        compare(socket.messages.length, 0);
        socket.paused = false;
        tryVerify(() => socket.messages.length === 1);
    }

    function test_theLastLineMayHaveNoEnd_data() {
        return [
            {tag: "text", parser: text, properties: {}, messages: ["one", "two"]},
            {tag: "text refused", parser: text, properties: {unterminatedLineAllowed: false}, messages: ["one"]},
            {tag: "json", parser: json, properties: {}, sent: "1\n2", messages: [1]},
            {tag: "json allowed", parser: json, properties: {unterminatedLineAllowed: true}, sent: "1\n2", messages: [1, 2]},
            {tag: "length", parser: text, properties: {framing: MessageParser.LengthPrefix}, sent: "\0\0\0\x03one\0\0\0\x03tw", messages: ["one"]},
        ];
    }

    function test_theLastLineMayHaveNoEnd(data: var) {
        begin(data.parser, data.properties, false);
        const ends = createTemporaryObject(signalSpy, testCase, {target: socket, signalName: "finished"});
        server.send(data.sent ?? "one\ntwo");
        server.drop();
        tryCompare(socket, "state", LocalSocket.UnconnectedState);
        tryVerify(() => ends.count + socket.problems.length > 0);
        compare(socket.messages, data.messages);
        const whole = data.messages.length === 2;
        compare(ends.count, whole ? 1 : 0);
        compare(socket.problems.length, whole ? 0 : 1);
    }

    Component {
        id: signalSpy

        SignalSpy {}
    }

    function test_aLineThatHasALineEndIsRefused() {
        begin(text, {}, false);
        compare(socket.send("two\nlines"), false);
        tryVerify(() => socket.problems.length === 1);
        compare(socket.state, LocalSocket.ConnectedState);
        verify(socket.send("one line"));
        tryCompare(server, "received", "one line\n");
    }

    function test_jsonThatIsNotUtf8IsRejected() {
        begin(json, {}, false);
        server.send("\"\xff\xfe\"\n\"fine\"\n");
        tryVerify(() => socket.messages.length + socket.rejected.length === 2);
        compare(socket.messages, ["fine"]);
        verify(socket.rejected[0].reason.includes("UTF-8"), socket.rejected[0].reason);
        compare(socket.rejected[0].data.byteLength, 4);
    }

    function test_whatToJsonThrowsIsNotSent_data() {
        return [{tag: "text", thrown: "[666]", says: "[666]"}, {tag: "error", thrown: new Error("my own"), says: "my own"}];
    }

    function test_whatToJsonThrowsIsNotSent(data: var) {
        begin(json, {}, false);
        let message = "";
        try {
            socket.send({toJSON() { throw data.thrown; }});
        } catch (error) {
            message = error.message;
        }
        verify(message.includes(data.says), message);
        verify(socket.send("fine"));
        tryCompare(server, "received", "\"fine\"\n");
    }

    function test_halfASurrogatePairIsWrittenAsJsonHasIt() {
        begin(json, {}, true);
        verify(socket.send(["\ud83d", "\ude00\ud83d", "\ud83d\ude00"]));
        tryVerify(() => socket.messages.length === 1);
        compare(socket.messages[0], ["\ud83d", "\ude00\ud83d", "\ud83d\ude00"]);
        verify(server.received.startsWith("[\"\\ud83d\",\"\\ude00\\ud83d\","), server.received);
    }

    function test_halfASurrogatePairIsNoText_data() {
        return [
            {tag: "text", parser: text, call: "send"},
            {tag: "binary", parser: binary, call: "send"},
            {tag: "write", parser: binary, call: "write"},
        ];
    }

    function test_halfASurrogatePairIsNoText(data: var) {
        begin(data.parser, {framing: MessageParser.Lines}, false);
        let message = "";
        try {
            socket[data.call]("cut \ud83d");
        } catch (error) {
            message = error.message;
        }
        verify(message.includes("UTF-8"), message);
        verify(socket.send("fine"));
        tryCompare(server, "received", "fine\n");
    }

    function test_aByteOrderMarkCanBeSent_data() {
        return [{tag: "UTF-8", wire: "\0\0\0\x04\xef\xbb\xbfa"}, {tag: "UTF-16LE", wire: "\0\0\0\x04\xff\xfea\0"}];
    }

    function test_aByteOrderMarkCanBeSent(data: var) {
        begin(text, {encoding: data.tag, framing: MessageParser.LengthPrefix}, false);
        verify(socket.send("\ufeffa"));
        tryCompare(server, "received", data.wire);
    }

    function test_thereMayBeNoLimit() {
        begin(text, {maximumMessageSize: Infinity}, true);
        socket.readBufferSize = Infinity;
        socket.writeBufferLimit = Infinity;
        verify(socket.send("x".repeat(20000000)));
        tryVerify(() => socket.messages.length === 1, 20000);
        compare(socket.messages[0].length, 20000000);
    }

    function test_whatIsNoFramingIsNamed_data() {
        return [
            {tag: "framing", value: 99},
            {tag: "byteOrder", value: -1},
            {tag: "lineEnding", value: 3},
        ];
    }

    function test_whatIsNoFramingIsNamed(data: var) {
        begin(text, {}, true);
        ignoreWarning(new RegExp("TextParser: .*" + data.value + ".*" + data.tag));
        socket.parser[data.tag] = data.value;
        verify(socket.send("as before"));
        tryCompare(socket, "messages", ["as before"]);
        compare(server.received, "as before\n");
    }

    function test_theEndIsToldWhilePausedIfNothingWaits() {
        begin(binary, {framing: MessageParser.Chunks}, false);
        const ends = createTemporaryObject(signalSpy, testCase, {target: socket, signalName: "finished"});
        socket.paused = true;
        server.drop();
        tryCompare(ends, "count", 1);
    }

    function test_theEndIsToldAfterChunksThatWaited() {
        begin(binary, {framing: MessageParser.Chunks}, false);
        const atEnd = [];
        socket.finished.connect(() => atEnd.push(socket.messages.length));
        socket.paused = true;
        server.send("waits");
        server.drop();
        tryCompare(socket, "state", LocalSocket.UnconnectedState);
        wait(20);
        compare(atEnd, []);
        socket.paused = false;
        tryVerify(() => atEnd.length > 0);
        compare(atEnd, [1]);
        compare(Surroundings.latin1(socket.messages[0]), "waits");
    }

    function test_aCharacterMayComeInPieces_data() {
        return [
            {tag: "UTF-8 lines", wire: "gr\xc3\xbc\xf0\x9f\x98\x80\xe2\x82\xac\n", text: "gr\u00fc\ud83d\ude00\u20ac"},
            {tag: "UTF-8 with a mark", wire: "\xef\xbb\xbfgr\xc3\xbc\n", text: "gr\u00fc"},
            {tag: "ISO-8859-1", encoding: "ISO-8859-1", wire: "gr\xfc\xdf\n", text: "gr\u00fc\u00df"},
            {tag: "UTF-16LE", encoding: "UTF-16LE", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x06\xfc\0\x3d\xd8\x00\xde", text: "\u00fc\ud83d\ude00"},
            {tag: "UTF-16BE", encoding: "UTF-16BE", framing: MessageParser.ContentLength, wire: "Content-Length: 6\r\n\r\n\0\xfc\xd8\x3d\xde\x00", text: "\u00fc\ud83d\ude00"},
            {tag: "UTF-16LE with a mark", encoding: "UTF-16LE", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x04\xff\xfe\xfc\0", text: "\u00fc"},
            {tag: "UTF-16BE with a mark", encoding: "UTF-16BE", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x04\xfe\xff\0\xfc", text: "\u00fc"},
            {tag: "UTF-16, little endian by its mark", encoding: "UTF-16", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x04\xff\xfe\xfc\0", text: "\u00fc"},
            {tag: "UTF-16, big endian by its mark", encoding: "UTF-16", framing: MessageParser.LengthPrefix, wire: "\0\0\0\x04\xfe\xff\0\xfc", text: "\u00fc"},
            {tag: "UTF-8 chunks", framing: MessageParser.Chunks, wire: "gr\xc3\xbc\xf0\x9f\x98\x80\xe2\x82\xac\n", text: "gr\u00fc\ud83d\ude00\u20ac\n"},
            {tag: "ISO-8859-1 chunks", encoding: "ISO-8859-1", framing: MessageParser.Chunks, wire: "gr\xfc\xdf\n", text: "gr\u00fc\u00df\n"},
        ];
    }

    function test_aCharacterMayComeInPieces(data: var) {
        begin(text, {encoding: data.encoding ?? "UTF-8", framing: data.framing ?? MessageParser.Lines}, false);
        for (let at = 0; at < data.wire.length; ++at) {
            server.send(data.wire.charAt(at));
            wait(1);
        }
        tryVerify(() => socket.messages.join("").length + socket.rejected.length >= data.text.length);
        compare(socket.rejected.map(({reason}) => reason), []);
        compare(socket.messages.join(""), data.text);
        verify(data.framing === MessageParser.Chunks || socket.messages.length === 1);
    }

    function test_halfACharacterAtTheEndOfChunksIsRejected_data() {
        return [{tag: "at once", paused: false}, {tag: "paused", paused: true}];
    }

    function test_halfACharacterAtTheEndOfChunksIsRejected(data: var) {
        begin(text, {framing: MessageParser.Chunks}, false);
        const ends = createTemporaryObject(signalSpy, testCase, {target: socket, signalName: "finished"});
        socket.paused = data.paused;
        server.send("whole \xe2\x82");
        if (!data.paused)
            tryCompare(socket, "messages", ["whole "]);
        server.drop();
        tryCompare(socket, "state", LocalSocket.UnconnectedState);
        socket.paused = false;
        tryCompare(ends, "count", 1);
        compare(socket.messages.length + socket.rejected.length, data.paused ? 1 : 2);
        compare(socket.rejected.length, 1);
        verify(socket.rejected[0].reason.includes("UTF-8"), socket.rejected[0].reason);
    }

    function test_whatIsNoTextInChunksIsRejectedAtOnce() {
        begin(text, {framing: MessageParser.Chunks}, false);
        server.send("\xff\x80\x80\x80");
        tryVerify(() => socket.rejected.length === 1);
        compare(socket.rejected[0].data.byteLength, 4);
        server.send("fine");
        tryCompare(socket, "messages", ["fine"]);
    }

    function test_halfACharacterStaysReadable() {
        begin(text, {framing: MessageParser.Chunks}, false);
        server.send("a\xe2\x82");
        tryCompare(socket, "messages", ["a"]);
        socket.parser = null;
        compare(Surroundings.latin1(socket.readAll()), "\xe2\x82");
    }
}
