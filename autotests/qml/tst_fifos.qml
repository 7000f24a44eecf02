// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

// FIFOs, with shells.
TestCase {
    id: testCase

    name: "Fifos"

    Component {
        id: program

        Program {}
    }
    Component {
        id: fifoReader

        FifoReader {
            property list<string> lines
            property list<string> problems
            property int writers
            property int ends

            active: true
            parser: TextParser {}
            onMessage: message => lines.push(message)
            onErrorOccurred: problems.push(errorString)
            onWriterConnected: ++writers
            onFinished: ++ends
        }
    }
    Component {
        id: fifoWriter

        FifoWriter {
            property list<string> problems

            active: true
            parser: TextParser {}
            onErrorOccurred: problems.push(errorString)
        }
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

    function fifo(): string {
        const path = Surroundings.path("fifo");
        const maker = make(program);
        verify(maker.start("mkfifo", [path]));
        tryVerify(() => !maker.running);
        return path;
    }

    function test_linesOfShells() {
        const path = fifo();
        const reader = make(fifoReader, {path, writerPolicy: FifoReader.WriterPolicy.WaitForNextWriter});
        verify(reader.open);
        for (const word of ["play", "pause", "stop"]) {
            const shell = make(program);
            const gone = make(signalSpy, {target: reader, signalName: "writersGone"});
            verify(shell.start("sh", ["-c", "echo " + word + " >'" + path + "'"]));
            tryCompare(gone, "count", 1);
        }
        compare([...reader.lines], ["play", "pause", "stop"]);
        compare(reader.writers, 3);
        compare(reader.ends, 0);
        reader.active = false;
        verify(!reader.open);
    }

    function test_theEndOfTheWriters() {
        const path = fifo();
        const reader = make(fifoReader, {path});
        const shell = make(program);
        verify(shell.start("sh", ["-c", "(echo 1; echo 2) >'" + path + "'"]));
        tryCompare(reader, "ends", 1);
        compare([...reader.lines], ["1", "2"]);
    }

    function test_whatIsNoFifoIsReported() {
        const reader = make(fifoReader, {path: "/nonexistent"});
        tryVerify(() => reader.problems.length === 1);
        verify(reader.problems[0].includes("/nonexistent"), reader.problems[0]);
        compare(reader.error, StreamDevice.ServerNotFoundError);
        verify(!reader.open);
        reader.path = fifo();
        verify(reader.open);
    }

    function test_aThousandLinesToAReader() {
        const path = fifo();
        const writer = make(fifoWriter, {path});
        const reader = make(fifoReader, {path});
        const connected = make(signalSpy, {target: writer, signalName: "readerConnected"});
        tryCompare(connected, "count", 1);
        for (let i = 0; i < 1000; ++i)
            verify(writer.send("line " + i));
        tryVerify(() => reader.lines.length === 1000, 20000);
        for (let i = 0; i < 1000; ++i)
            compare(reader.lines[i], "line " + i);
        writer.active = false;
        tryCompare(reader, "ends", 1);
    }

    function test_aPathThatIsMissingIsCalledSo_data() {
        return [{tag: "reader", component: fifoReader}, {tag: "writer", component: fifoWriter}];
    }

    function test_aPathThatIsMissingIsCalledSo(data: var) {
        const object = make(data.component);
        tryVerify(() => object.problems.length === 1);
        verify(object.problems[0].includes("path is empty"), object.problems[0]);
        compare(object.error, StreamDevice.ServerNotFoundError);
    }

    Component {
        id: boundReader

        FifoReader {
            property string wanted
            property list<string> problems

            path: wanted
            active: wanted !== ""
            onErrorOccurred: problems.push(errorString)
        }
    }
    Component {
        id: otherBoundReader

        FifoReader {
            property string wanted
            property list<string> problems

            active: wanted !== ""
            path: wanted
            onErrorOccurred: problems.push(errorString)
        }
    }

    function test_pathAndActiveFollowOneProperty_data() {
        return [{tag: "path first", component: boundReader}, {tag: "active first", component: otherBoundReader}];
    }

    function test_pathAndActiveFollowOneProperty(data: var) {
        const reader = createTemporaryObject(data.component, testCase);
        reader.wanted = fifo();
        wait(20);
        verify(reader.open);
        reader.wanted = "";
        wait(20);
        verify(!reader.open);
        compare(reader.problems, []);
        // An error is told once.
        const missing = Surroundings.path("missing");
        reader.wanted = missing;
        tryVerify(() => reader.problems.length > 0);
        wait(20);
        compare(reader.problems.length, 1);
        verify(reader.problems[0].includes(missing), reader.problems[0]);
    }
}
