// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

// PipeReader and PipeWriter, in a program of their own: the test has its own standard input.
TestCase {
    id: testCase

    name: "Pipes"

    Component {
        id: program

        Program {}
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

    function test_aFilterBetweenStandardInputAndOutput() {
        const filter = make(program);
        verify(filter.start("interprocessqt_qmlfilter"));
        for (let i = 0; i < 1000; ++i)
            filter.write("line " + i + "\n");
        filter.closeInput();
        tryVerify(() => !filter.running, 20000);
        compare(filter.exitCode, 0);
        const lines = filter.output.split("\n");
        compare(lines.length, 1001);
        for (let i = 0; i < 1000; ++i)
            compare(lines[i], "LINE " + i);
        compare(filter.errors, "1000 lines\n");
    }

    function test_theLastLineOfStandardInputMayHaveNoEnd() {
        const filter = make(program);
        verify(filter.start("interprocessqt_qmlfilter"));
        filter.write("one\nlast");
        filter.closeInput();
        tryVerify(() => !filter.running, 20000);
        compare(filter.output, "ONE\nLAST\n");
        compare(filter.errors, "2 lines\n");
    }

    function test_aDescriptorThatIsNotOpenIsReported() {
        const reader = make(pipeReader, {descriptor: 987});
        const failed = make(signalSpy, {target: reader, signalName: "errorOccurred"});
        tryCompare(failed, "count", 1);
        verify(!reader.open);
        verify(reader.errorString.length > 0);
        const writer = make(pipeWriter, {descriptor: 987});
        const writerFailed = make(signalSpy, {target: writer, signalName: "errorOccurred"});
        tryCompare(writerFailed, "count", 1);
        verify(!writer.open);
    }

    Component {
        id: pipeReader

        PipeReader {
            active: true
        }
    }
    Component {
        id: pipeWriter

        PipeWriter {
            active: true
        }
    }
}
